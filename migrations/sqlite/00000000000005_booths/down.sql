DROP TABLE booth_tallies;
DROP TABLE booth_doors;
DROP TABLE booths;
DROP TABLE booth_spots;
