/// Find the other tests whose interfering set makes a test fail, by experiments; pure.
@NullMarked
package dev.plimsoll.diagnose;

import org.jspecify.annotations.NullMarked;
