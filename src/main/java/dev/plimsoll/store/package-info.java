/// The board's store, Redis or Valkey, reached through Jedis: only this package knows that client,
/// and only runs that join a board load it.
///
/// May use `model`, `files` and `board`. Start with `RedisBoard`.
@NullMarked
package dev.plimsoll.store;

import org.jspecify.annotations.NullMarked;
