DROP TABLE booth_tallies;
DROP TABLE booths;
DROP TABLE booth_spots;
