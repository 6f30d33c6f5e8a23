/// Decides which test file belongs to which group, and keeps the group lists up to date.
///
/// {@link dev.plimsoll.inventory.Classifier} applies the rules of the groups to a file, {@link
/// dev.plimsoll.inventory.Sync} updates the lists without losing moves made by hand.
///
/// Pure; may use `model`. `config` reads and writes the list files. Start with `Classifier`.
@NullMarked
package dev.plimsoll.inventory;

import org.jspecify.annotations.NullMarked;
