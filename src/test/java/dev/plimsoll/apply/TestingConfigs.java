package dev.plimsoll.apply;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/// Random configuration files of pytest with one number of workers, marked `@`, that counts.
final class TestingConfigs {
  private TestingConfigs() {}

  static String ini(SplittableRandom random, List<String> others, List<String> spellings) {
    List<String> words = words(random, others, spellings);
    var text = new StringBuilder(random.nextInt(5) == 0 ? "\ufeff" : "");
    text.append(pick(random, "", "# first -n 3\n\n", "[tox]\nenvlist = py\naddopts = -n 3\n"));
    text.append("[pytest]").append(pick(random, "", "  # -n 3", " ; c")).append('\n');
    text.append(pick(random, "", "testpaths =\n    tests\n    more\n", "; addopts = -n 2\n"));
    text.append("addopts").append(pick(random, " = ", "=", ": ", " =  "));
    boolean lines = random.nextBoolean();
    for (int i = 0; i < words.size(); i++) {
      text.append(lines ? "\n    " : i == 0 ? "" : " ").append(words.get(i));
      text.append(lines && random.nextInt(4) == 0 ? "\n  # -n 3\n" : "");
    }
    text.append(pick(random, "", "\n", "\nmarkers =\n  slow: -n 3\n", "\n[x]\naddopts = -n 3"));
    return eol(random, text);
  }

  static String toml(SplittableRandom random, List<String> others, List<String> spellings) {
    var text = new StringBuilder(pick(random, "", "# c [x]\n", "a = [1, [2, '#'], {b = 3}] # c\n"));
    text.append(
        pick(random, "", "[tool.a]\naddopts = \"-n 3\"\n", "[[tool.b]]\nx = '''\n'a'\n'''\n"));
    text.append(
        pick(random, "[tool.pytest.ini_options]\n", "[ tool . \"pytest\".ini_options ] # c\n"));
    text.append(
        pick(random, "", "markers = [\n  \"a: b]\", # ]\n]\n", "x.y = 1979-05-27 07:32:00Z\n"));
    text.append("addopts").append(pick(random, " = ", "=", "  =  "));
    text.append(value(random, words(random, others, spellings)));
    text.append(pick(random, "\n", " # -n 3\n", "\nz = true", "\n\n[tool.c]\nd = \"\\\"-n 3\"\n"));
    return eol(random, text);
  }

  private static String value(SplittableRandom random, List<String> words) {
    String line = String.join(" ", words);
    return switch (random.nextInt(4)) {
      case 0 -> '"' + line.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
      case 1 -> "'''" + line + "\n'''";
      case 2 -> "\"\"\"\\\n   " + String.join("\n ", words).replace("\\", "\\\\") + " \"\"\"";
      default -> list(random, words);
    };
  }

  /// The words as pytest gets them from a list: one string for each argument.
  private static String list(SplittableRandom random, List<String> words) {
    var text = new StringBuilder("[");
    for (String word : words) {
      String plain = word.replace("'", "").replace("\"", "").replace("\\", "");
      plain = plain.replace("--numprocesses ", "--numprocesses\", \"");
      text.append(pick(random, "", "\n  ", " # -n 3\n")).append('"').append(plain).append('"');
      text.append(pick(random, ",", " ,", ", # c\n"));
    }
    return text.append(pick(random, "]", "\n]")).toString();
  }

  private static List<String> words(
      SplittableRandom random, List<String> others, List<String> spellings) {
    var words = new ArrayList<String>();
    for (int i = random.nextInt(4); i > 0; i--) {
      words.add(others.get(random.nextInt(others.size())));
    }
    words.add(spellings.get(random.nextInt(spellings.size())));
    for (int i = random.nextInt(3); i > 0; i--) {
      words.add(others.get(random.nextInt(others.size() - 1)));
    }
    return words;
  }

  private static String pick(SplittableRandom random, String... texts) {
    return texts[random.nextInt(texts.length)];
  }

  private static String eol(SplittableRandom random, StringBuilder text) {
    return random.nextInt(3) == 0 ? text.toString().replace("\n", "\r\n") : text.toString();
  }
}
