"""Print the mutation score of a package and the changes that no test noticed; fail below the recorded score."""

import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path

NOTICED = {"KILLED", "TIMED_OUT", "MEMORY_ERROR", "RUN_ERROR"}


def main(package: str, report: Path, scores: Path) -> int:
    mutations = list(ElementTree.parse(report).getroot())
    missed = [each for each in mutations if each.get("status") not in NOTICED]
    for each in missed:
        place = f"{each.findtext('sourceFile')}:{each.findtext('lineNumber')} {each.findtext('mutatedMethod')}"
        print(f"  {each.get('status', '').lower().replace('_', ' ')}: {place}: {each.findtext('description')}")
    score = 100 * (len(mutations) - len(missed)) // max(1, len(mutations))
    recorded = dict(line.split() for line in scores.read_text().splitlines() if line and not line.startswith("#"))
    least = int(recorded.get(package, 0))
    print(f"{package}: {score} % of {len(mutations)} changes noticed; recorded: {least} %")
    return 0 if score >= least else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])))
