"""The vocabulary the generated library draws its titles, people and plots from."""

# ruff: noqa: SIM905 (a list of words is easier to read and to add to as prose)

from __future__ import annotations

GENRES = (
    "Drama|Comedy|Action|Thriller|Romance|Horror|Crime|Adventure|Documentary|Family|Animation|"
    "Mystery|Fantasy|War|History|Music|Western|Sport|Biography|Science Fiction"
).split("|")
GENRE_WEIGHTS = [30, 24, 15, 14, 12, 9, 9, 9, 7, 7, 6, 5, 5, 3, 3, 2, 2, 2, 3, 7]
FIRST = (
    "Ada Aino Alma Amara Anouk Anton Arlo Asha Astrid August Basil Bea Bela Blanche Bruno Callum "
    "Carmen Cato Cecil Celia Cleo Cora Dalia Dara Desmond Dora Edith Eero Elias Elin Emre Enzo "
    "Esme Ezra Farah Felix Fern Finn Flora Freya Gael Greta Gus Hana Hector Hedda Hugo Ida Ilya "
    "Imani Inga Iris Ismael Ivo Jada Jonas Joss Juno Kaito Kamila Kenji Lars Leila Leon Lina Livia "
    "Lorcan Luca Mabel Magnus Mara Marius Mila Mina Moss Nadia Naomi Nell Niko Noor Odile Olga "
    "Omar Oona Orla Oskar Otto Paloma Petra Piet Priya Quinn Rafa Ravi Reza Rhea Romy Rosa Rufus "
    "Saara Sami Sefa Signe Silas Sofia Stellan Suki Tahir Tamsin Tariq Thea Tilda Tomas Uma Vera "
    "Viggo Wanda Wilma Yara Yusuf Zadie Zora"
).split()
LAST = (
    "Abara Adeyemi Almqvist Amsel Andrade Arden Ashdown Baptiste Barlow Bellini Bergström Birch "
    "Blythe Bouvier Brandt Cardoso Carver Castell Chaudhry Clement Cordova Cray Dahl Danso Darrow "
    "Delacroix Demir Diallo Dunmore Eklund Ellery Engel Esposito Farkas Fenwick Ferrant Fontaine "
    "Frost Gallo Garnett Goran Grieve Hale Halloran Hamsun Harrow Hayashi Holm Idris Ito Jansen "
    "Jarvis Kaplan Kask Keane Keller Kowal Kurosu Lachance Lindqvist Lowe Lund Maddox Marchetti "
    "Marlowe Mbeki Mercer Mirza Moreau Nakamura Navarro Nyberg Oakes Okafor Olsen Osei Palmer "
    "Pascal Penrose Petrov Quist Rahman Ramos Rask Reyes Rosen Rowan Sandoval Sato Seidel Shaw "
    "Silva Sinclair Sorel Stavros Stone Szabo Takeda Tanner Tavares Thorne Ueda Vance Varga Vega "
    "Virtanen Voss Wainwright Weiss Wilder Winter Yamada Yilmaz Zeller Ziegler"
).split()
ADJECTIVES = (
    "Last Quiet Golden Hidden Broken Silver Midnight Distant Little Savage Paper Electric Crimson "
    "Frozen Lonely Perfect Stolen Hollow Endless Burning Wild Gentle Forgotten Second Long Secret "
    "Velvet Restless Bitter Blue Strange Ordinary Borrowed Faithful Careless Northern Sunken "
    "Bright Crooked Silent Reluctant Wicked Tender Unlikely Sleeping Fearless Tangled Vanishing "
    "Rising"
).split()
NOUNS = (
    "River Harbour Garden Letter Winter Kingdom Engine Mirror Orchard Signal Lantern Ghost Circus "
    "Detective Summer Voyage Heart Machine Stranger Island Promise Shadow Bridge Wolf Hotel Planet "
    "Wedding Storm Secret Thief Dancer Empire Road Compass Tide Cathedral Piano Colony Witness "
    "Astronaut Fortune Market Station Fever Season Daughter Soldier Baker Riddle Whale Sparrow "
    "Horizon Feast Verdict Clockmaker Neighbour Desert Waltz Crown Ember Forest Kitchen"
).split()
PLACES = (
    "Lisbon Trieste Tallinn Marseille Havana Kyoto Oslo Dakar Montevideo Reykjavik Tangier Bergen "
    "Galway Valparaiso Sarajevo Busan Naples Ghent Odessa Cartagena Hobart Aleppo Leeds Memphis"
).split()
PATTERNS = (
    "The {adjective} {noun}",
    "The {adjective} {noun}",
    "{adjective} {noun}",
    "The {noun} of {place}",
    "{noun} & {other}",
    "That {noun} in {place}",
    "{first} and the {noun}",
    "The {noun}'s {other}",
    "{first}'s {adjective} {noun}",
    "{place}, {adjective} {place}",
    "No {noun} for {first}",
    "Beyond the {adjective} {noun}",
)
STUDIOS = ("Pictures", "Films", "Studios", "House")
RATINGS = {
    "movie": ["G", "PG", "PG", "PG-13", "PG-13", "PG-13", "R", "R", "R", "NC-17", None],
    "show": ["TV-Y7", "TV-G", "TV-PG", "TV-PG", "TV-14", "TV-14", "TV-MA", None],
}
COUNTRIES = (
    "United States of America|United Kingdom|France|Germany|Italy|Japan|South Korea|India|Spain|"
    "Sweden|Denmark|Canada|Australia|Mexico|Brazil|Argentina|Poland|Nigeria"
).split("|")
COUNTRY_WEIGHTS = [50, 12, 9, 6, 5, 6, 4, 6, 4, 2, 2, 4, 3, 2, 2, 1, 1, 1]
PERSONS = (
    "retired detective|young cellist|night nurse|ship's cook|disgraced banker|widowed farmer|"
    "stubborn inventor|travelling salesman|history teacher|failed magician|deep-sea diver|"
    "train conductor|rookie reporter|banished prince|tired single mother|crime novelist|"
    "mountain guide|washed-up boxer|shy librarian|war photographer|chess prodigy|street vendor"
).split("|")
OPENINGS = (
    "When {first}, a {person} from {place}, stumbles upon {trouble}, nothing stays as it was.",
    "In {place}, a {person} named {first} is drawn into {trouble} after one careless night.",
    "{first} has spent ten years as a {person}, until {trouble} turns up at the door in {place}.",
    "A {person} returns to {place} for a funeral and finds {trouble} waiting there.",
)
TURNS = (
    "With only a {other} to trust, the way leads far from home and to a {noun} nobody speaks of.",
    "Together with a {other}, there are three days left to find the {noun} and make it right.",
    "A {other} knows more than they admit, and the {noun} may not be what it seems.",
    "Help comes from a {other}, who would give anything for the {noun}.",
)
CLOSINGS = (
    "What begins as a favour ends in the choice of a lifetime.",
    "Some doors, once opened, cannot be closed again.",
    "By morning, both will have to decide what they are willing to lose.",
    "It will take courage, luck and a very bad plan to get out of this.",
)
ANY_TROUBLE = (
    "an old family secret",
    "a debt that is not theirs",
    "a chance to begin again",
    "a letter meant for somebody else",
)
TROUBLE = {
    "Comedy": ("a hilarious mix-up", "the worst wedding of the year", "a very silly inheritance"),
    "Horror": ("something that walks at night", "a house that will not let go", "an old curse"),
    "Crime": ("a murder nobody wants solved", "a heist gone wrong", "a bag full of money"),
    "Thriller": ("a deadly conspiracy", "a stranger who knows too much", "a ticking clock"),
    "Romance": ("a love they had given up on", "an old flame", "a summer that should not end"),
    "Science Fiction": ("a signal from deep space", "a machine that dreams", "a crack in time"),
    "War": ("a battle already lost", "orders that must not be obeyed"),
    "Action": ("a ruthless gang of mercenaries", "a city under siege", "a hijacked train"),
    "Family": ("a talking dog", "a lost kitten with a map", "the greatest treehouse ever built"),
    "Animation": ("a kingdom of singing foxes", "a tiny dragon", "a toy that wakes up"),
    "Fantasy": ("a sleeping dragon", "a forbidden spell", "a door between worlds"),
    "Documentary": ("a story the town tried to forget", "the last of the lighthouse keepers"),
    "Western": ("a sheriff with a grudge", "a railway nobody wants"),
}
