package dev.plimsoll.report.html;

import java.util.Map;

/// One self-contained page from its template, its assets and its data.
///
/// The template names each asset in a comment, `/*[style.css]*/`. Data is JSON in which `<` is
/// escaped, so that no text in it can end the script element that holds it.
public final class HtmlPage {
  private HtmlPage() {}

  /// The whole page.
  ///
  /// @param template the page with a placeholder for each asset and one for `data`
  /// @param assets text of each asset by name
  /// @param json the {@link ReportTree}, written as JSON
  public static String render(String template, Map<String, String> assets, String json) {
    String page = template;
    for (Map.Entry<String, String> asset : assets.entrySet()) {
      page = fill(page, asset.getKey(), asset.getValue());
    }
    return fill(page, "data", json.replace("<", "\\u003c"));
  }

  private static String fill(String page, String name, String text) {
    String place = "/*[" + name + "]*/";
    int at = page.indexOf(place);
    if (at < 0) {
      throw new IllegalArgumentException("the template has no place for " + name);
    }
    return page.substring(0, at) + text + page.substring(at + place.length());
  }
}
