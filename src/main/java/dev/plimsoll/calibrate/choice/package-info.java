/// Choose a level of workers from measurements: the fastest stable one at an acceptable use of
/// memory.
///
/// Pure rules on lists of {@link dev.plimsoll.calibrate.choice.Level}: start reading at {@link
/// dev.plimsoll.calibrate.choice.ChoicePolicy}. It knows nothing of how levels are measured.
@NullMarked
package dev.plimsoll.calibrate.choice;

import org.jspecify.annotations.NullMarked;
