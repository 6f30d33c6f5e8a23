package dev.plimsoll.apply;

import dev.plimsoll.model.Language;

/// The words of the section in a README.
///
/// @param heading its title
/// @param runs what `plimsoll run` does; `%s` is the order of the groups
/// @param then between two groups
/// @param plain what a plain `pytest` uses; the number, the file and the group
/// @param measured where and when; the machine, what ran and the day
/// @param engine the engine with its name
/// @param commands the columns of the commands: suite, workers, command, command without Plimsoll
/// @param figures the columns of a table of measurements
record SectionWords(
    String heading,
    String runs,
    String then,
    String plain,
    String measured,
    String engine,
    String commands,
    String figures) {
  static SectionWords in(Language language) {
    return switch (language) {
      case EN ->
          new SectionWords(
              "Running the tests",
              "`plimsoll run` runs %s.",
              ", then ",
              "A plain `pytest` uses `-n %d` from `%s`, the lowest of these numbers: it runs the tests of all groups together, and only this number is known to be stable for each of them (`%s`).",
              "Measured on %s with %s, %s.",
              "the %s engine",
              "suite | workers | command | without Plimsoll",
              "workers | runs | time | spread | peak | swap");
      case DE ->
          new SectionWords(
              "Tests ausführen",
              "`plimsoll run` führt %s aus.",
              ", dann ",
              "`pytest` allein nimmt `-n %d` aus `%s`, die kleinste dieser Zahlen: Es führt die Tests aller Gruppen zusammen aus, und nur diese Zahl ist für jede von ihnen als stabil bekannt (`%s`).",
              "Gemessen auf %s mit %s, %s.",
              "der Engine %s",
              "Suite | Worker | Befehl | ohne Plimsoll",
              "Worker | Läufe | Zeit | Streuung | Spitze | Swap");
      case ES ->
          new SectionWords(
              "Ejecutar las pruebas",
              "`plimsoll run` ejecuta %s.",
              ", después ",
              "`pytest` solo usa `-n %d` de `%s`, el menor de estos números: ejecuta juntas las pruebas de todos los grupos, y solo de este número se sabe que es estable para cada uno (`%s`).",
              "Medido en %s con %s, %s.",
              "el motor %s",
              "suite | procesos | orden | sin Plimsoll",
              "procesos | ejecuciones | tiempo | dispersión | pico | swap");
      case FR ->
          new SectionWords(
              "Lancer les tests",
              "`plimsoll run` lance %s.",
              ", puis ",
              "`pytest` seul utilise `-n %d` de `%s`, le plus petit de ces nombres : il lance ensemble les tests de tous les groupes, et seul ce nombre est connu pour être stable pour chacun (`%s`).",
              "Mesuré sur %s avec %s, %s.",
              "le moteur %s",
              "suite | processus | commande | sans Plimsoll",
              "processus | exécutions | temps | dispersion | pic | swap");
    };
  }
}
