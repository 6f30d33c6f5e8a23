/// A suite that several machines share: which tests each of them has, and what is known of them.
///
/// The store (Redis or Valkey) keeps the board; the script `board/board.lua` decides, one call
/// after another, so that no machine leads. {@link dev.plimsoll.board.Board} is that script's
/// contract. {@link dev.plimsoll.board.Bundles} cuts the collection into what is given away at
/// once. {@link dev.plimsoll.board.Member} is what one machine knows.
///
/// Pure; may use `model` and `shard`. Start with `Board`.
@NullMarked
package dev.plimsoll.board;

import org.jspecify.annotations.NullMarked;
