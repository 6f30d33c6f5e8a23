/// Folders that only this user may enter, whatever the umask is.
///
/// {@link dev.plimsoll.files.PrivateFolder} makes one, {@link dev.plimsoll.files.UserFolder} knows
/// where a user's cache and runtime folders are, {@link dev.plimsoll.files.CachedVersions} keeps
/// what is unpacked there small. The other adapters use this package.
///
/// An adapter: may use `model`. Start with `PrivateFolder`.
@NullMarked
package dev.plimsoll.files;

import org.jspecify.annotations.NullMarked;
