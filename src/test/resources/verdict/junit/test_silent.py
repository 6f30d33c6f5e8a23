def test_fails_silently():
    raise KeyError("nothing printed")
