/// JUnit XML as pytest writes it, with what Plimsoll knows of killed workers.
///
/// `JunitXml` is the file, `JunitCase` one of its tests, `XmlText` the characters that XML allows.
///
/// Pure: may use `report` and what it may use. The callers write the text into files.
@NullMarked
package dev.plimsoll.report.junit;

import org.jspecify.annotations.NullMarked;
