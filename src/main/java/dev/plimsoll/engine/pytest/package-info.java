/// Starts the pytest host, talks to it, and finds the project's Python.
///
/// {@link dev.plimsoll.engine.pytest.Host} is the interface that the dispatcher uses, `PytestHost`
/// its implementation over a Unix socket; {@link dev.plimsoll.engine.pytest.HostMessage} is the
/// sealed list of messages from the host. `PythonFinder` and `PythonProbe` choose the interpreter,
/// `PluginFolder` unpacks the plugin, and `FileListing` lists test files without running them.
///
/// The other side is `src/main/python/plimsoll_pytest`; docs/design/protocol.md describes the
/// messages. Start with `HostMessage`.
@NullMarked
package dev.plimsoll.engine.pytest;

import org.jspecify.annotations.NullMarked;
