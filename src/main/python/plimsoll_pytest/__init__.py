"""What runs inside pytest; the plugin is `plimsoll_pytest.plugin`."""
