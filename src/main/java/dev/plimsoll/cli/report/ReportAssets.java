package dev.plimsoll.cli.report;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/// The files of the HTML report, which travel inside the program. Charts are drawn by uPlot (MIT,
/// https://github.com/leeoniya/uPlot), which comes from its webjar.
final class ReportAssets {
  private static final String UPLOT = "/META-INF/resources/webjars/uplot/1.6.30/";
  private static final String[] SCRIPTS = {
    "charts.js", "lanes.js", "tables.js", "run.js", "main.js"
  };

  private ReportAssets() {}

  static String template() {
    return text("/report/page.html");
  }

  static Map<String, String> assets() {
    var script = new StringBuilder("\"use strict\";\n");
    for (String name : SCRIPTS) {
      script.append(text("/report/" + name)).append('\n');
    }
    String licence = text(UPLOT + "LICENSE").replace("*/", "* /");
    return Map.of(
        "uplot.css", text(UPLOT + "dist/uPlot.min.css"),
        "uplot.js",
            "/*! uPlot 1.6.30\n" + licence + "*/\n" + text(UPLOT + "dist/uPlot.iife.min.js"),
        "style.css", text("/report/style.css"),
        "report.js", script.toString());
  }

  private static String text(String resource) {
    try (InputStream stream = ReportAssets.class.getResourceAsStream(resource)) {
      if (stream == null) {
        throw new IllegalStateException("missing resource: " + resource);
      }
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
