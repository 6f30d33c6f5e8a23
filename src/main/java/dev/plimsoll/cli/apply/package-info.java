/// `plimsoll apply`: writes what calibration chose into the files of the project.
@NullMarked
package dev.plimsoll.cli.apply;

import org.jspecify.annotations.NullMarked;
