import json


def test_stream_has_every_product(get, server):
    lines = get("/stream").splitlines()
    assert [json.loads(line)["name"] for line in lines] == [p.name for p in server.products]


def test_stream_again_and_again(get):
    assert len({get("/stream") for _ in range(40)}) == 1
