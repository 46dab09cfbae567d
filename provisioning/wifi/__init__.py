"""The kiosk's Wi-Fi: what there is, and joining one network, through NetworkManager."""
