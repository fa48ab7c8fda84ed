DROP TABLE wlan_access_points;
DROP TABLE wlan_history;
DROP TABLE wlan_authors;
DROP TABLE wlan_promotions;
DROP TABLE wlan_networks;
