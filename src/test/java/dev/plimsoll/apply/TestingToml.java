package dev.plimsoll.apply;

import java.util.SplittableRandom;

/// Random TOML texts in which the group `light` is written in one of the possible ways, or not.
final class TestingToml {
  private static final String[] VALUES = {
    "1", "'a # b'", "\"q \\\" [x]\"", "[1, 2, [3]]", "[\n  'a', # ]\n  'b',\n]",
        "{ a = 1, b.c = '}' }",
    "'''\n[no]\n'''", "\"\"\"a\\\n  \"b\" \"\"\"", "1979-05-27", "true", "-1.5e3", "[{ a = 1 }, {}]"
  };

  private TestingToml() {}

  static String text(SplittableRandom random) {
    var text = new StringBuilder(random.nextInt(6) == 0 ? "\ufeff" : "");
    pairs(random, text, "t");
    int way = random.nextInt(6);
    if (way == 0) {
      text.append("groups.light.words = ['a'] # c\n");
    }
    table(random, text, "a");
    switch (way) {
      case 1 -> {
        text.append("[groups.light] # c\n");
        pairs(random, text, "k");
      }
      case 2 -> {
        text.append("[ groups . \"light\" ]\n\n# c\n");
        pairs(random, text, "k");
        text.append("  workers   =   2   # why\n");
      }
      case 3 -> text.append("[groups]\nlight = { words = ['}', ','] }\n");
      case 4 -> {
        text.append("[groups]\n  light.words = []\n");
        pairs(random, text, "o");
      }
      default -> {
        text.append("[groups.heavy]\n");
        pairs(random, text, "h");
      }
    }
    table(random, text, "b");
    text.append(random.nextBoolean() ? "[[list]]\nx = 1\n[[list]]\nx = 2\n# last" : "");
    String whole = text.toString();
    return random.nextInt(3) == 0 ? whole.replace("\n", "\r\n") : whole;
  }

  private static void table(SplittableRandom random, StringBuilder text, String name) {
    if (random.nextBoolean()) {
      text.append("\n# of ").append(name).append("\n[").append(name).append("]\n");
      pairs(random, text, name);
    }
  }

  private static void pairs(SplittableRandom random, StringBuilder text, String prefix) {
    for (int i = random.nextInt(4); i > 0; i--) {
      text.append(random.nextInt(4) == 0 ? "  " : "").append(prefix).append(i);
      text.append(random.nextInt(4) == 0 ? ".'x y'" : "").append(" = ");
      text.append(VALUES[random.nextInt(VALUES.length)]);
      text.append(random.nextInt(3) == 0 ? " # c\n" : "\n");
    }
  }
}
