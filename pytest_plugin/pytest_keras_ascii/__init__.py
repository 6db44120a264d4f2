"""pytest plugin of keras-ascii-tools: will hold the fixture `keras_ascii_snapshot`, a model against its stored drawing.

Nothing yet: the distribution does not register a plugin with pytest.
"""
