package dev.plimsoll.apply;

import dev.plimsoll.report.ShellWord;
import java.util.List;
import java.util.stream.Collectors;

/// A shell script that runs the groups with plain pytest and pytest-xdist, for people without
/// Plimsoll. It stands beside the lists of the groups.
public final class PlainScript {
  /// What the script begins with, before the marks.
  public static final String FIRST_LINE = "#!/bin/sh\n";

  private static final String HEAD =
      """
      # Runs the groups of tests one after another, each with the number of workers that was measured
      # for it, with pytest and pytest-xdist alone.
      #   usage: sh SCRIPT [GROUP]... [-- ARGUMENTS OF PYTEST]
      # PYTHON names the Python that has pytest (default: python3). The exit code is that of the first
      # group that did not pass.
      set -u
      """;

  /// Reads lists as Plimsoll does: one path a line, `#` after a blank begins a note, a file that is
  /// gone is left out. A group in which pytest selects no test (exit code 5) has not failed.
  private static final String BODY =
      """
      groups=
      while [ $# -gt 0 ] && [ "$1" != -- ]; do
        case " $all " in
          *" $1 "*) groups="$groups $1" ;;
          *) echo "no group is called $1; the groups are $all" >&2; exit 4 ;;
        esac
        shift
      done
      [ $# -eq 0 ] || shift
      tab=$(printf '\\t')
      return=$(printf '\\r')
      mark=$(printf '\\357\\273\\277')
      status=0

      group() {
        name=$1 workers=$2
        shift 2
        case "$groups " in
          " " | *" $name "*) ;;
          *) return 0 ;;
        esac
        if [ ! -f "$lists/$name.txt" ]; then
          echo "$lists/$name.txt is missing" >&2
          [ "$status" -ne 0 ] || status=4
          return 0
        fi
        given=$#
        while IFS=" $tab" read -r line || [ -n "$line" ]; do
          line=${line#"$mark"}
          line=${line%% #*}
          line=${line%%"$tab#"*}
          while [ "$line" != "${line%[ "$tab$return"]}" ]; do line=${line%[ "$tab$return"]}; done
          case $line in '' | '#'*) continue ;; esac
          [ ! -f "$line" ] || set -- "$@" "$line"
        done <"$lists/$name.txt"
        [ $# -gt "$given" ] || return 0
        echo "== $name: pytest -n $workers" >&2
        ended=0
        "${PYTHON:-python3}" -m pytest -n "$workers" "$@" || ended=$?
        [ "$ended" -eq 0 ] || [ "$ended" -eq 5 ] || [ "$status" -ne 0 ] || status=$ended
      }

      """;

  private PlainScript() {}

  /// A group of the script.
  ///
  /// @param note what is to be known of the number, may be empty
  public record Group(String name, int workers, String note) {}

  /// The lines between the marks.
  ///
  /// @param groups all groups in the order in which they run
  /// @param folder of the lists and the script, relative to the project, with `/`
  public static String body(List<Group> groups, String folder) {
    String up = folder.isEmpty() ? "." : folder.replaceAll("[^/]+", "..");
    String names = groups.stream().map(Group::name).collect(Collectors.joining(" "));
    var text = new StringBuilder(HEAD);
    text.append("cd \"$(dirname \"$0\")/").append(up).append("\" || exit 2\n");
    text.append("lists=").append(ShellWord.quoted(folder.isEmpty() ? "." : folder)).append('\n');
    text.append("all=").append(ShellWord.quoted(names)).append('\n').append(BODY);
    for (Group group : groups) {
      text.append("group ").append(group.name()).append(' ').append(group.workers());
      text.append(" \"$@\"").append(note(group.note())).append('\n');
    }
    return text.append("exit $status\n").toString();
  }

  private static String note(String text) {
    return text.isEmpty() ? "" : "  # " + text;
  }
}
