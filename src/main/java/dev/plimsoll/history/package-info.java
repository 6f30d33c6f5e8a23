/// Records runs in a SQLite database and reads them back.
///
/// {@link dev.plimsoll.history.RunRecorder} consumes the events of a run, {@link
/// dev.plimsoll.history.HistoryStore} answers queries. `DatabaseSchema` has the tables and their
/// migrations; `Database` opens the file, and moves it aside when it is damaged.
///
/// An adapter, and the only user of `java.sql`; may use `model` and `estimate`. A failure to record
/// never fails a run. Start with `HistoryStore`.
@NullMarked
package dev.plimsoll.history;

import org.jspecify.annotations.NullMarked;
