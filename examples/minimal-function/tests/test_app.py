from app import handler


def test_greets_whoever_is_named():
    assert handler({"name": "Ada"}, None) == {"greeting": "Hello, Ada"}
