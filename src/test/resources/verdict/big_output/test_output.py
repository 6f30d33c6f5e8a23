# 6 MB on stdout of one test: the JUnit file of plain pytest holds all of it.
def test_prints():
    for n in range(60_000):
        print(f"{n:08d} " + "o" * 91)
