"""Synthetic extraction data: short text + type signature -> JSON object. Deterministic by seed, generated on the fly.

An example is built from a domain (contacts, orders, ...): values are drawn for its slots, some of them are mentioned in
the text, and a signature asks for a subset of them under varying field names, order, optionality and nesting.

Entities (names, numbers, dates ...) are split by a hash of their string: one in eight is "held" and never seen in
training. One in nine text templates is held out too.
"""

import json
import random
import re
import zlib

SYSTEM = "Answer as JSON: "

# ---------------------------------------------------------------- types

STRING, INTEGER, NUMBER, BOOLEAN, NULL, ANY = ("string",), ("integer",), ("number",), ("boolean",), ("null",), ("any",)
FORMATS = ("date", "time", "date-time", "email", "uri", "uuid")
DATE, TIME, DATE_TIME, EMAIL, URI, UUID = (("format", f) for f in FORMATS)


def enum(values):
    return ("enum", list(values))


def array(item):
    return ("array", item)


def nullable(t):
    return ("union", [t, NULL])


def obj(fields):
    """fields: list of (key, optional, type)."""
    return ("object", fields)


def signature(t):
    """The type printed in the notation of the prompt (grammar in models/README.md)."""
    kind = t[0]
    if kind == "format":
        return t[1]
    if kind == "enum":
        return "|".join(json.dumps(v, ensure_ascii=False) for v in t[1])
    if kind == "array":
        inner = signature(t[1])
        union = t[1][0] == "union" or (t[1][0] == "enum" and len(t[1][1]) > 1)
        return f"({inner})[]" if union else f"{inner}[]"
    if kind == "object":
        return "{" + ", ".join(f"{_key(k)}{'?' if opt else ''}: {signature(v)}" for k, opt, v in t[1]) + "}"
    if kind == "union":
        return "|".join(signature(v) for v in t[1])
    return kind


def _key(key):
    return key if re.fullmatch(r"[A-Za-z_$][A-Za-z0-9_$]*", key) else json.dumps(key, ensure_ascii=False)


def json_schema(t):
    """The same type as JSON Schema (draft 2020-12)."""
    kind = t[0]
    if kind == "format":
        return {"type": "string", "format": t[1]}
    if kind == "enum":
        return {"const": t[1][0]} if len(t[1]) == 1 else {"enum": t[1]}
    if kind == "array":
        return {"type": "array", "items": json_schema(t[1])}
    if kind == "object":
        out = {"type": "object", "properties": {k: json_schema(v) for k, _, v in t[1]}}
        required = [k for k, opt, _ in t[1] if not opt]
        if required:
            out["required"] = required
        out["additionalProperties"] = False
        return out
    if kind == "union":
        return {"anyOf": [json_schema(v) for v in t[1]]}
    return {} if kind == "any" else {"type": kind}


# ---------------------------------------------------------------- entities

ONSETS = "b c d f g h j k l m n p r s t v w z br ch cl cr dr fl fr gl gr kr pl pr qu sh sl sn sp st str th tr tw vl".split()
VOWELS = "a e i o u a e i o a e i o ae ai ea ee ia io ou oo ie y".split()
CODAS = [""] * 14 + "n r l s t m d k nd rt ll ss ck th ng lm x rn st b g p sh".split()
ENDS = "a o e ia us en er ing ton ley man son well by field ford sen ski ez ova stein wick mont dale ham is or ell etti".split()

FIRST = """Alice Bruno Carla Daniel Elena Farid Greta Hiro Ines Jonas Kavya Liam Maria Noah Olga Pedro Quinn Rosa Samir
Tara Umar Vera Wendy Xavier Yara Zoe Aaron Beatrice Chen Dmitri Emma Fatima George Hannah Ivan Julia Karim Leila Marco
Nadia Oscar Priya Rafael Sofia Thomas Ursula Viktor William Yusuf Zara Anna Ben Clara David Eva Frank Grace Henry Irene
Jack Katja Lucas Mei Nils Otto Paula Ravi Sara Tom Uma Vincent Astrid Boris Chloe Dora Erik Fiona Gustav Helga Igor Jane
Kofi Lena Mina Nora Omar Petra Rolf Susan Tariq Wanda Amara Bjorn Cyrus Delia Edgar Freya Gita Hugo Isla Joel""".split()
LAST = """Smith Jones Müller García Rossi Novak Kim Tanaka Silva Okafor Johnson Brown Schmidt Dubois Moreau Petrov Ivanov
Singh Patel Khan Ali Hassan Nguyen Chen Wang Li Yamamoto Sato Kowalski Nowak Larsen Hansen Berg Lind Costa Santos Pereira
Lopez Martinez Fischer Weber Wagner Becker Hoffmann Keller Baker Cooper Taylor Wilson Moore Clark Lewis Walker Young Hill
Green Adams Nelson Carter Mitchell Turner Parker Evans Edwards Collins Stewart Morris Rogers Reed Cook Morgan Bell Murphy
Bailey Rivera Ward Torres Peterson Gray Ramirez James Watson Brooks Kelly Sanders Price Bennett Wood Barnes Ross""".split()
CITIES = """Paris Berlin Madrid Rome Vienna Lisbon Dublin Oslo Prague Warsaw Athens Helsinki Zurich Geneva Munich Hamburg Lyon
Milan Porto Seville Tokyo Osaka Kyoto Seoul Beijing Shanghai Delhi Mumbai Chennai Cairo Lagos Nairobi Accra Boston Chicago
Denver Austin Dallas Seattle Toronto Montreal Vancouver Lima Bogota Santiago Quito Sydney Melbourne Perth Auckland Leeds
Bristol Glasgow Cardiff York Ghent Basel Graz Turin Naples Bergen Malmo Riga Vilnius Tallinn Krakow Sofia Bucharest""".split()
COUNTRIES = """France Germany Spain Italy Austria Portugal Ireland Norway Poland Greece Finland Switzerland Japan India China
Egypt Nigeria Kenya Ghana Canada Mexico Peru Chile Brazil Australia Denmark Sweden Belgium Estonia Latvia Croatia Turkey
Morocco Vietnam Thailand Iceland Hungary Romania Argentina Ecuador""".split()
ADJECTIVES = """red blue green black white small large wooden steel leather cotton plastic heavy light folding portable electric
silent modern vintage round square thick thin soft solid bright dark spare""".split()
NOUNS = """kettle lamp chair desk keyboard monitor backpack notebook jacket bicycle helmet camera speaker charger blender toaster
mug bottle tent rug mirror shelf pillow blanket drill hammer wrench printer router cable phone tablet watch umbrella scarf
glove boot sandal sofa stool vase clock candle plate bowl knife fork spoon pan oven fan heater filter hose ladder brush""".split()
THINGS = """printer login invoice website app screen report password network server payment checkout email calendar database
backup upload search page delivery account sensor door heating elevator projector camera""".split()
FAULTS = """is broken|keeps crashing|does not load|is very slow|shows an error|stopped working|is offline|freezes every hour|
cannot be opened|is missing|fails at startup|looks wrong|is stuck|makes a strange noise|times out""".replace("\n", "").split("|")
TOPICS = """budget|roadmap|design|hiring|quarterly|marketing|security|product|sales|planning|research|finance|training|launch|
onboarding|strategy|safety|data|music|chess|poetry|cooking""".replace("\n", "").split("|")
MEETS = "review|meeting|workshop|sync|call|lunch|conference|seminar|retreat|party|briefing|dinner|class|talk|panel".split("|")
COLOURS = "red blue green black white teal amber violet pink grey orange brown navy silver gold".split()
TAGS = """urgent finance travel home work garden music sport health school kitchen legal design mobile backend frontend billing
security draft review family books weather science art food energy""".split()
LANGUAGES = "English French German Spanish Italian Japanese Korean Arabic Hindi Polish Dutch Swedish Turkish Greek".split()
JOBS = """engineer|nurse|teacher|designer|plumber|lawyer|analyst|pilot|baker|editor|architect|chemist|data scientist|
sales manager|product manager|software developer|accountant|photographer|electrician|researcher""".replace("\n", "").split("|")
MONTHS = "January February March April May June July August September October November December".split()
SMALL = "zero one two three four five six seven eight nine ten eleven twelve".split()
LABELS = """colour size weight height width owner status code level brand model material region grade speed length author title
genre publisher pages rating score team captain coach stadium planet star species habitat diet crop yield vendor batch shelf
bin lane gate seat row platform track engine fuel mileage plate driver route depot crew vessel port cargo dose drug patient
ward doctor room bed floor building street district manager department office project sponsor budget deadline phase version
build branch commit host user group role mode theme font margin volume channel track album artist label chapter verse
ingredient flavour cuisine chef spice portion calories origin roast blend vintage grape estate""".split()
WORDS = """about above across after again against almost along already also always among another answer anything area around arrive ask away
back bank beach because become before begin behind believe best better between big bit board boat book both box boy bread break bridge bring
brother build business busy butter cake carry case catch cause centre chance change cheap child choose church clean clear close cloud coast
coffee cold come common company corner cost country course cover cross cut daily dance dear decide deep door doubt down draw dream drive
early earth easy eat edge eight else enough even evening ever every example eye face fact fall family far farm fast father feel few field
fight fill final find fine fire fish five floor fly follow food foot forest form forward four free fresh friend front fruit full game
garden general gentle girl give glass goal gold good great green grow guess guest half hand happen happy hard hat have head hear heart heat
heavy hello help here hide high hill history hold hole holiday hope horse hour house human hurry idea important inside interest island job
join journey judge jump just keep kind king kitchen know lake land language large late laugh law lead learn leave left letter life lift
like list listen little live local lonely long look lose lot loud love lucky lunch machine make many map mark market marry matter maybe mean
meat meet member middle might mile milk mind minute miss mistake modern moment money month moon morning most mother mountain mouth move
much music must narrow nature near need never news next nice night nobody noise noon nose nothing notice number ocean offer often oil old once
only open other outside over own page pain paint paper parent park party pass past path pay peace pencil people perfect perhaps picture piece
place plain plan plant play please plenty pocket point police poor possible pour power present pretty prize problem promise proud prove public
pull push put quarter queen question quick quiet quite race radio rain raise reach read ready real reason record remember repair reply rest
rich ride right ring rise river road rock roof room rope rough rule run sad safe sail salt same sand save school sea season second secret see
seem sell send serious seven several shade shake shape share sharp shine shop shore shout show side sign simple since sing sister sit six skin
sky sleep slow small smell smile snow social soft soil some song soon sort soul sound soup south space speak special spend spirit spot spring
stage stand star stay steal step still stone stop storm story strange street strong student study such sugar summer sun support sure surface
sweet swim table take talk tall taste teach tell thank their thick thing think third those though thought through throw tide together tomorrow
tonight touch toward trade train travel tree trip trouble true trust try turn twice uncle under until useful usual valley very village visit
voice wait walk wall warm wash waste watch water wave way weather week welcome west wheel where which while whole why wide wife wild will wind
window winter wish without woman wonder wood word work world worry worth write wrong yard year yellow yesterday yet young""".split()
ADJ_LABELS = "main first last new old top base max min total next home work due ship start end unit net gross file line".split()


def held(s):
    return zlib.crc32(s.encode()) % 8 == 0


class V:
    """A value: how the text says it, its types with the JSON value for each, and parts that can be asked for alone."""

    def __init__(self, text, *types, sub=None):
        self.text, self.types, self.sub = text, types or ((1, STRING, text),), sub or {}


class World:
    """Draws entities from one side of the split."""

    def __init__(self, rng, split="train"):
        self.r, self.split, self.held = rng, split, split != "train"

    def pick(self, make):
        """An entity of this side of the split (numbers below 100 are shared)."""
        while True:
            s = make()
            if held(s) == self.held:
                return s

    def of(self, items):
        return self.pick(lambda: self.r.choice(items))

    def template(self, items):
        """A text template; held templates are used only outside training, and there half of the time."""
        keep = [t for t in items if zlib.crc32(b"t" + t.encode()) % 9 != 0]
        rest = [t for t in items if zlib.crc32(b"t" + t.encode()) % 9 == 0]
        if self.held and rest and self.r.random() < 0.5:
            return self.r.choice(rest)
        return self.r.choice(keep or items)

    # words and names
    def pseudo(self, capital=True):
        r = self.r

        def make():
            if r.random() < 0.12:  # wild: any letters, so that copying does not lean on familiar pieces
                w = "".join(r.choice("abcdefghijklmnopqrstuvwxyz") for _ in range(r.randint(3, 8)))
            else:
                w = "".join(r.choice(ONSETS) + r.choice(VOWELS) + r.choice(CODAS) for _ in range(r.choice((1, 1, 2, 2, 2, 3))))
                if len(w) < 4 or r.random() < 0.4:
                    w = w + r.choice(ENDS)
            return w.capitalize() if capital else w

        return self.pick(make)

    def first(self):
        return self.of(FIRST) if self.r.random() < 0.4 else self.pseudo()

    def last(self):
        r = self.r
        s = self.of(LAST) if r.random() < 0.3 else self.pseudo()
        x = r.random()
        if x < 0.03:
            s += "-" + self.pseudo()
        elif x < 0.05:
            s = r.choice(("O'", "Mc", "Van ", "de ", "El ")) + s
        return s

    def person(self):
        r = self.r
        f, l = self.first(), self.last()
        middle = r.choice("ABCDEFGHJKLMNPRSTW") + ". " if r.random() < 0.04 else ""
        return V(f"{f} {middle}{l}", sub={"first": V(f), "last": V(l)})

    def maybe_first(self):
        return V(self.first()) if self.r.random() < 0.35 else self.person()

    def company(self):
        r, w = self.r, self.pseudo()
        if r.random() < 0.25:
            w += " " + self.pseudo()
        ends = "Ltd|GmbH|Inc|Inc.|LLC|Labs|Group|Systems|Foods|Logistics|& Sons|AG|Partners|Media|Energy|Bank|Motors|Studio|".split("|")
        return V((w + " " + r.choice(ends)).strip())

    def city(self):
        r = self.r
        if r.random() < 0.4:
            return V(self.of(CITIES))
        w = self.pseudo()
        x = r.random()
        if x < 0.12:
            w = r.choice(("New", "Port", "San", "Upper", "North", "Old", "Saint")) + " " + w
        elif x < 0.16:
            w += r.choice((" Falls", " City", " Bay", " Heights", "-on-Sea"))
        return V(w)

    def country(self):
        return V(self.of(COUNTRIES) if self.r.random() < 0.7 else self.pseudo())

    def street(self):
        r = self.r
        number = str(r.randint(1, 299))
        name = self.pseudo() + " " + r.choice("Street Road Avenue Lane Way Close Square Drive".split())
        return V(f"{number} {name}" if r.random() < 0.75 else f"{name} {number}")

    def product(self):
        r = self.r
        x = r.random()
        if x < 0.45:
            return V(r.choice(ADJECTIVES) + " " + r.choice(NOUNS))
        if x < 0.6:
            return V(r.choice(NOUNS))
        if x < 0.8:
            return V(self.pseudo() + " " + r.choice(NOUNS))
        return V(self.pseudo() + (" " + self.digits(r.randint(1, 4)) if r.random() < 0.6 else " " + self.pseudo()))

    def topic(self):
        r = self.r
        x = r.random()
        if x < 0.4:
            return V(r.choice(TOPICS).capitalize() + " " + r.choice(MEETS))
        if x < 0.55:
            return V(r.choice(WORDS) + " " + r.choice(MEETS))
        if x < 0.8:
            return V(self.pseudo() + " " + r.choice(MEETS))
        return V(self.pseudo() + " " + r.choice(TOPICS) + " " + r.choice(MEETS))

    def named(self):
        """A name of a book, film, song or project."""
        r = self.r
        x = r.random()
        if x < 0.5:
            words = [r.choice(WORDS).capitalize() if r.random() < 0.75 else self.pseudo() for _ in range(r.randint(1, 3))]
            return V(("The " if r.random() < 0.3 else "") + " ".join(words))
        if x < 0.7:
            return V(f"{self.pseudo()} {r.choice(('of', 'and', 'in', 'for'))} {r.choice(WORDS).capitalize()}")
        return V(self.pseudo() + (" " + self.pseudo() if r.random() < 0.4 else ""))

    def skill(self):
        return V(self.r.choice("Python Java SQL Excel Rust Go cooking sales driving welding design first-aid Linux German French writing statistics".split()) if self.r.random() < 0.7 else self.pseudo())

    def problem(self):
        if self.r.random() < 0.2:
            return V(" ".join((self.pseudo() if self.r.random() < 0.5 else self.r.choice(WORDS).capitalize(), self.r.choice(THINGS), self.r.choice(FAULTS))))
        return V(("The " if self.r.random() < 0.5 else "Our ") + self.r.choice(THINGS) + " " + self.r.choice(FAULTS))

    def phrase(self):
        """A few words, partly made up: subjects, notes, tasks, song titles."""
        r = self.r
        pool = WORDS if r.random() < 0.5 else TOPICS + NOUNS + THINGS + ADJECTIVES + TAGS
        words = [self.pseudo(r.random() < 0.5) if r.random() < 0.35 else r.choice(pool) for _ in range(r.randint(2, 4))]
        return V(" ".join(words))

    def filler(self):
        """A sentence of common words that says nothing that is asked for."""
        r = self.r
        w = [r.choice(WORDS) for _ in range(6)]
        return r.choice((
            f"We will {w[0]} the {w[1]} {w[2]}.", f"The {w[0]} {w[1]} was {w[2]} and {w[3]}.", f"I {w[0]} you {w[1]} the {w[2]}.", f"It is {w[0]} to {w[1]} {w[2]}.",
            f"Nobody {w[0]} {w[1]} {w[2]} {w[3]}.", f"{w[0].capitalize()} the {w[1]}, {w[2]} {w[3]}.", f"You {w[0]} {w[1]} with {w[2]} {w[3]} {w[4]}.",
            f"Is the {w[0]} {w[1]}?", f"Such a {w[0]} {w[1]}!", f"They {w[0]} {w[1]} {w[2]}, {w[3]} {w[4]} {w[5]}."))

    def task(self):
        r = self.r
        verb = r.choice("call|email|pay|visit|water|clean|buy|send|check|feed|renew|book|fix|collect|return".split("|"))
        what = self.person().text if verb in ("call", "email", "visit") else "the " + r.choice(NOUNS + THINGS)
        return V(f"{verb} {what}")

    def word(self):
        r = self.r
        return V(r.choice(COLOURS + TAGS + NOUNS + WORDS) if r.random() < 0.45 else self.pseudo(r.random() < 0.5))

    def tag(self):
        return V(self.r.choice(TAGS) if self.r.random() < 0.7 else self.pseudo(False))

    def colour(self):
        return V(self.r.choice(COLOURS))

    def language(self):
        return V(self.r.choice(LANGUAGES))

    def job(self):
        return V(self.r.choice(JOBS))

    # identifiers
    def digits(self, n):
        r = self.r
        make = lambda: str(r.randint(10 ** (n - 1), 10**n - 1))
        return make() if n < 3 else self.pick(make)

    def code(self):
        r = self.r
        prefix = r.choice(("ORD", "INV", "TK", "PO", "REF", "SKU", "BK", "X", "A", "QT", "".join(r.choice("ABCDEFGHKLMNPRSTVXZ") for _ in range(r.randint(1, 3)))))
        s = r.choice(("-", "-", "", "/", "#", "_")) + self.digits(r.randint(3, 6))
        return V(prefix + s + (r.choice("ABCDEFGHX") if r.random() < 0.1 else ""))

    def order_id(self):
        if self.r.random() < 0.6:
            return self.code()
        d = self.digits(self.r.randint(3, 6))
        return V(d, (0.5, STRING, d), (0.5, INTEGER, int(d)))

    def slug(self):
        r = self.r
        w = self.pseudo(False) + (r.choice(".-_") + self.pseudo(False) if r.random() < 0.3 else "")
        return w + (str(r.randint(1, 99)) if r.random() < 0.2 else "")

    def domain(self):
        return self.pseudo(False) + "." + self.r.choice("com org net io de fr co.uk example dev eu info".split())

    def email(self, person=None):
        r = self.r
        user = self.slug()
        if person and r.random() < 0.6 and " " in person and person.isascii():
            f, l = person.lower().replace("'", "").split()[0], person.lower().replace("'", "").split()[-1]
            user = r.choice((f"{f}.{l}", f, f"{f[0]}.{l}", f"{f}_{l}", l))
        e = f"{user}@{self.domain()}"
        return V(e, (0.7, EMAIL, e), (0.3, STRING, e))

    def uri(self):
        u = self.r.choice(("https://", "https://", "https://www.", "http://")) + self.domain()
        u += "".join("/" + self.slug() for _ in range(self.r.randint(0, 2)))
        return V(u, (0.7, URI, u), (0.3, STRING, u))

    def uuid(self):
        h = "%032x" % self.r.getrandbits(128)
        u = "-".join((h[:8], h[8:12], h[12:16], h[16:20], h[20:]))
        return V(u, (0.8, UUID, u), (0.2, STRING, u))

    def phone(self):
        r = self.r
        d = lambda n: "".join(r.choice("0123456789") for _ in range(n))
        return V(self.pick(lambda: r.choice((f"+{r.randint(1, 99)} {d(3)} {d(4)}", f"{d(3)}-{d(4)}", f"0{d(3)} {d(6)}", f"({d(3)}) {d(3)}-{d(4)}", d(8)))))

    # numbers
    def integer(self, low, high):
        s = self.pick(lambda: str(self.r.randint(low, high))) if high >= 1000 else str(self.r.randint(low, high))
        return V(s, (0.8, INTEGER, int(s)), (0.16, NUMBER, int(s)), (0.04, STRING, s))

    def count(self, high=12):
        n = self.r.randint(1, high)
        if n <= 12 and self.r.random() < 0.25:
            return V(SMALL[n], (0.85, INTEGER, n), (0.15, NUMBER, n))
        return V(str(n), (0.85, INTEGER, n), (0.15, NUMBER, n))

    def age(self):
        return self.integer(1, 99)

    def decimal(self, low, high, places=1):
        s = self.pick(lambda: f"{self.r.uniform(low, high):.{places}f}")
        v = float(s)
        return V(s, (1, NUMBER, int(v) if v == int(v) else v))

    def price(self):
        r = self.r
        whole = self.digits(r.choice((1, 2, 2, 3, 3, 4)))
        if r.random() < 0.35:
            return whole, int(whole)
        cents = r.choice(("95", "99", "49", f"{r.randint(1, 9)}{r.randint(1, 9)}", f"{r.randint(1, 9)}{r.randint(1, 9)}", f"{r.randint(1, 9)}0"))
        s = f"{whole}.{cents}"
        return s, float(s)

    def money(self):
        r = self.r
        s, v = self.price()
        code, symbol = r.choice((("USD", "$"), ("EUR", "€"), ("GBP", "£"), ("USD", "$"), ("EUR", "€"), ("CHF", ""), ("JPY", "¥"), ("SEK", ""), ("INR", "₹"), ("PLN", "")))
        if symbol and r.random() < 0.5:
            text = symbol + s
        else:
            text = f"{s} {code}" if r.random() < 0.75 else f"{code} {s}"
        others = [c for c in ("USD", "EUR", "GBP", "CHF", "JPY", "SEK", "INR", "PLN") if c != code]
        options = [code] + r.sample(others, r.randint(1, 3))
        r.shuffle(options)
        cur = V(code, (0.5, STRING, code), (0.5, enum(options), code))
        amount = V(s, (1, NUMBER, v))
        both = obj([("amount", False, NUMBER), ("currency", False, r.choice((STRING, enum(options))))])
        return V(text, (0.93, NUMBER, v), (0.07, both, {"amount": v, "currency": code}), sub={"currency": cur, "amount": amount})

    # time
    def date(self):
        r = self.r
        iso = self.pick(lambda: f"{r.randint(1980, 2035) if r.random() < 0.3 else r.randint(2020, 2029)}-{r.randint(1, 12):02d}-{r.randint(1, 28) if r.random() < 0.95 else 30:02d}")
        y, m, d = iso.split("-")
        if m == "02" and d == "30":
            iso, d = f"{y}-02-28", "28"
        name = MONTHS[int(m) - 1]
        short = name if r.random() < 0.8 else name[:3]
        text = r.choice((iso, iso, f"{int(d)} {short} {y}", f"{short} {int(d)}, {y}"))
        return V(text, (0.88, DATE, iso), (0.12, STRING, text), sub={})

    def time(self):
        r = self.r
        t = f"{r.randint(0, 23):02d}:{r.choice((0, 15, 30, 45, r.randint(0, 59))):02d}"
        if r.random() < 0.1:
            return V(t + ":00Z", (1, TIME, t + ":00Z"))
        return V(t, (0.55, STRING, t), (0.45, TIME, t + ":00Z"))

    def date_time(self):
        r = self.r
        d = self.date()
        iso = d.types[0][2]
        t = f"{r.randint(0, 23):02d}:{r.choice((0, 15, 30, 45, r.randint(0, 59))):02d}"
        if r.random() < 0.25:
            text = f"{iso}T{t}:00Z"
            return V(text, (1, DATE_TIME, text))
        text = d.text + r.choice((" at ", " ", ", ")) + t
        time = V(t, (0.55, STRING, t), (0.45, TIME, t + ":00Z"))
        return V(text, (1, DATE_TIME, f"{iso}T{t}:00Z"), sub={"date": V(iso, (1, DATE, iso)), "time": time})

    # composites
    def choice(self, options):
        r = self.r
        v = r.choice(options)
        others = [o for o in options if o != v]
        some = [v] + r.sample(others, r.randint(1, min(4, len(others))))
        r.shuffle(some)
        return V(v, (0.75, enum(some), v), (0.25, STRING, v))

    def join(self, parts):
        r = self.r
        if len(parts) == 1:
            return parts[0]
        style = r.random()
        if style < 0.5:
            return ", ".join(parts[:-1]) + " and " + parts[-1]
        return (", " if style < 0.85 else "; ").join(parts)

    def many(self, make, low=1, high=4):
        parts = [make().text for _ in range(self.r.randint(low, high))]
        return V(self.join(parts), (1, array(STRING), parts))

    def lines(self):
        """Order lines: an array of objects."""
        r = self.r
        priced = r.random() < 0.45
        rows = [(self.count(20 if priced else 12), self.product() if r.random() < 0.75 else self.code(), self.price()) for _ in range(r.randint(1, 3))]
        style = r.choice(("{q} x {p}", "{q} {p}", "{p} x{q}", "{p} ({q})", "{q}x {p}") if r.random() < 0.9 else ("{p}, quantity {q}",))
        if "x{q}" in style or "({q})" in style or "{q}x" in style:
            rows = [(V(str(q.types[0][2]), *q.types), p, c) for q, p, c in rows]
        tail = r.choice((" at {c}", " for {c} each", " @ {c}", " à {c}")) if priced else ""
        text = self.join([style.format(q=q.text, p=p.text) + tail.format(c=c[0]) for q, p, c in rows])
        if ", quantity" in style:
            text = "; ".join(style.format(q=q.text, p=p.text) + tail.format(c=c[0]) for q, p, c in rows)
        keys = [(r.choice("name product item sku article description title".split()), STRING, [p.text for _, p, _ in rows]),
                (r.choice("quantity qty count amount units number".split()), INTEGER, [q.types[0][2] for q, _, _ in rows])]
        if priced and r.random() < 0.75:
            keys.append((r.choice("price unit_price unitPrice cost".split()), NUMBER, [c[1] for _, _, c in rows]))
        if r.random() < 0.3:
            r.shuffle(keys)
        if r.random() < 0.1:
            keys = keys[:1]
        t = array(obj([(k, False, ty) for k, ty, _ in keys]))
        value = [{k: vs[i] for k, _, vs in keys} for i in range(len(rows))]
        names = [p.text for _, p, _ in rows]
        return V(text, (0.85, t, value), (0.15, array(STRING), names))


# ---------------------------------------------------------------- domains

# A slot: name -> (maker, field names). A dotted name is a part of another slot. `flags` are booleans with whole sentences.
DOMAINS = {
    "contact": dict(
        slots={
            "name": (lambda w: w.person(), "name full_name person contact contact_name who customer client"),
            "name.first": (None, "first_name given_name first forename"),
            "name.last": (None, "last_name surname family_name last"),
            "age": (lambda w: w.age(), "age years age_years"),
            "city": (lambda w: w.city(), "city town home location lives_in residence place"),
            "country": (lambda w: w.country(), "country nation home_country"),
            "email": (lambda w: w.email(), "email email_address mail e_mail contact_email"),
            "phone": (lambda w: w.phone(), "phone phone_number tel telephone mobile"),
            "company": (lambda w: w.company(), "company employer organisation organization works_for firm"),
            "job": (lambda w: w.job(), "job role profession occupation job_title position"),
            "street": (lambda w: w.street(), "street address street_address"),
            "birthday": (lambda w: w.date(), "birthday birth_date born date_of_birth dob"),
            "languages": (lambda w: w.many(w.language, 1, 3), "languages speaks spoken_languages"),
            "site": (lambda w: w.uri(), "website url homepage site link"),
        },
        nest={"address": "street city country", "employer": "company job", "contact": "email phone", "person": "name age birthday"},
        core=["{name}, {age}, lives in {city}.", "{name} is {age} years old and lives in {city}.", "{name} ({age}) from {city}, {country}.",
              "{name} works at {company} as a {job}.", "{name} is a {job} at {company} in {city}.", "Meet {name}, {job}, {age}.",
              "My name is {name} and I am {age}.", "I'm {name}, {age} years old, from {city}.", "This is {name} from {company}.",
              "{name}, born {birthday}, lives in {city}.", "{name} - {job} - {company} - {city}", "{name}, {job} at {company}.",
              "{name} <{email}>, {phone}", "You can reach {name} at {email}.", "{name} lives at {street} in {city}, {country}.",
              "{name}\n{street}\n{city}\n{country}", "The {job} {name} moved to {city} last year.", "{name} was born on {birthday} in {city}.",
              "At {age}, {name} already runs {company}.", "Please add {name} ({email}) to the list.", "{name}, {age}, {city}",
              "From {city}: {name}, aged {age}.", "In {city} lives {name}, who is {age}.", "{company} hired {name} as {job}.",
              "{name} is {age}.", "{name} lives in {city}.", "{name} of {city} turned {age}.", "contact {name}, mobile {phone}"],
        more=["Email: {email}.", "Phone {phone}.", "Call {phone} to get in touch.", "The address is {street}, {city}.", "Works for {company}.",
              "Speaks {languages}.", "Born on {birthday}.", "Website: {site}", "You can write to {email}.", "Lives in {country}.",
              "Employed by {company} as {job}.", "See {site} for more.", "Home is {city}.", "Aged {age}.", "Mail goes to {email}.",
              "Can talk in {languages}.", "Profession: {job}."],
    ),
    "event": dict(
        slots={
            "title": (lambda w: w.topic(), "title event name event_name subject summary what"),
            "date": (lambda w: w.date(), "date day on when event_date"),
            "time": (lambda w: w.time(), "time start start_time at starts_at begins"),
            "when": (lambda w: w.date_time(), "datetime start starts_at when timestamp start_at"),
            "when.date": (None, "date day"),
            "when.time": (None, "time hour"),
            "place": (lambda w: w.city(), "place location venue where city"),
            "room": (lambda w: V(w.r.choice(("Room ", "Hall ", "Studio ")) + str(w.r.randint(1, 60))) if w.r.random() < 0.5 else V(w.pseudo() + w.r.choice((" Hall", " Room", " Centre", " House"))), "room venue hall location"),
            "host": (lambda w: w.maybe_first(), "host organiser organizer organised_by speaker led_by"),
            "people": (lambda w: w.many(lambda: w.maybe_first(), 2, 4), "attendees people participants guests invitees with"),
            "duration": (lambda w: w.integer(5, 240), "duration minutes duration_minutes length"),
            "seats": (lambda w: w.integer(10, 900), "capacity seats places max_attendees"),
            "fee": (lambda w: w.money(), "fee price ticket_price cost entry"),
            "fee.currency": (None, "currency"),
        },
        flags={"online": ("online remote virtual", ["It takes place online.", "Held online.", "Join remotely.", "This one is virtual."], ["It is not online.", "In person only.", "No remote option."]),
               "recurring": ("recurring repeats weekly", ["It repeats every week.", "This happens weekly.", "Recurring."], ["It is a one-off.", "It does not repeat.", "Just this once."])},
        nest={"venue": "room place", "schedule": "date time duration", "location": "place room"},
        core=["{title} on {date} at {time} in {place}.", "{title} with {people} on {date}.", "Join us for the {title} in {place} on {date}.",
              "The {title} starts at {time} in {room}.", "{host} hosts the {title} on {date} at {time}.", "Reminder: {title}, {date}, {time}.",
              "{title}: {when}, {room}", "On {date} {host} will lead the {title}.", "Book {room} for the {title} on {date}.",
              "Invite {people} to the {title} at {time}.", "The {title} is planned for {when} in {place}.", "{date}, {time}: {title} ({place})",
              "We meet on {date} at {time} for the {title}.", "Don't miss {title}! {date} at {time}, {room}.", "{people} will attend the {title}.",
              "{title} moved to {date}, same place ({room}).", "Schedule {title} for {when}.", "{title} / {place} / {date}",
              "{host} invites you to {title} in {place}.", "Put the {title} in my calendar for {date} at {time}."],
        more=["It lasts {duration} minutes.", "Duration: {duration} min.", "Guests: {people}.", "There are {seats} seats.", "Tickets cost {fee}.",
              "Organised by {host}.", "Room for {seats} people.", "The fee is {fee}.", "Venue: {room}.", "Where: {place}.", "Attendees: {people}.",
              "Plan for {duration} minutes.", "Entry {fee}.", "It will be in {room}."],
    ),
    "order": dict(
        slots={
            "id": (lambda w: w.order_id(), "order_id id order_number order reference number"),
            "customer": (lambda w: w.person(), "customer customer_name name buyer client ordered_by"),
            "customer.first": (None, "first_name customer_first_name"),
            "customer.last": (None, "last_name customer_last_name"),
            "items": (lambda w: w.lines(), "items lines products order_lines goods articles"),
            "date": (lambda w: w.date(), "date order_date ordered_on placed_on"),
            "delivery": (lambda w: w.date(), "delivery delivery_date due ship_by expected"),
            "city": (lambda w: w.city(), "city destination ship_to delivery_city"),
            "street": (lambda w: w.street(), "street address shipping_address"),
            "total": (lambda w: w.money(), "total total_price amount sum price order_total"),
            "total.currency": (None, "currency currency_code"),
            "email": (lambda w: w.email(), "email customer_email mail"),
            "status": (lambda w: w.choice("pending shipped delivered cancelled returned packed paid".split()), "status state order_status"),
            "carrier": (lambda w: w.company(), "carrier shipper courier shipped_with"),
            "key": (lambda w: w.uuid(), "uuid key tracking_id transaction"),
        },
        flags={"gift": ("gift is_gift gift_wrap", ["Please gift wrap it.", "It is a gift.", "Wrap it as a present."], ["It is not a gift.", "No gift wrap.", "Not a present."]),
               "express": ("express rush priority_shipping", ["Send it express.", "Express shipping please.", "Rush delivery."], ["Standard shipping is fine.", "No rush.", "Not express."])},
        nest={"shipping": "street city delivery carrier", "customer": "customer email", "payment": "total total.currency", "address": "street city"},
        core=["{customer} ordered {items}.", "Order {id}: {items} for {customer}.", "I would like {items}, please.", "Please send {items} to {customer} in {city}.",
              "Order {id} from {customer} on {date}: {items}.", "{customer} wants {items} delivered to {city}.", "New order {id}, total {total}, {customer}.",
              "Order {id} is {status}.", "{customer} placed order {id} on {date}.", "Could you ship {items} to {street}, {city}?", "We need {items} by {delivery}.",
              "Order no. {id} ({status}): {items}", "{id}: {customer}, {city}, {total}", "{customer} bought {items} for {total}.", "Ship {items} by {delivery} to {city}.",
              "Your order {id} was {status} on {date}.", "Got an order from {customer}: {items}.", "Add {items} to order {id}."],
        more=["The total is {total}.", "Deliver to {street}, {city}.", "Delivery by {delivery}.", "Ordered on {date}.", "Status: {status}.", "Shipped with {carrier}.",
              "Confirm to {email}.", "It goes to {city}.", "Total: {total}", "The order number is {id}.", "Tracking {key}.", "Expected on {delivery}.",
              "It is currently {status}.", "Carrier {carrier}.", "Amount due {total}.", "Send the receipt to {email}."],
    ),
    "invoice": dict(
        slots={
            "number": (lambda w: w.order_id(), "invoice_number number invoice id invoice_id reference"),
            "vendor": (lambda w: w.company(), "vendor supplier seller from issuer company billed_by"),
            "client": (lambda w: w.company() if w.r.random() < 0.6 else w.person(), "client customer bill_to billed_to recipient buyer"),
            "issued": (lambda w: w.date(), "date issued issue_date invoice_date issued_on"),
            "due": (lambda w: w.date(), "due due_date pay_by payable_by deadline"),
            "total": (lambda w: w.money(), "total amount total_due amount_due sum"),
            "total.currency": (None, "currency currency_code"),
            "tax": (lambda w: w.integer(1, 27), "tax tax_rate vat vat_percent tax_percent"),
            "lines": (lambda w: w.lines(), "items lines line_items positions"),
            "iban": (lambda w: V(w.r.choice(("DE", "FR", "GB", "NL", "CH")) + w.digits(2) + " " + w.digits(4) + " " + w.digits(4)), "iban account bank_account"),
        },
        flags={"paid": ("paid is_paid settled", ["It has been paid.", "Already paid.", "Paid in full.", "This one is settled."], ["It is not paid yet.", "Still unpaid.", "Payment is open.", "Not settled."])},
        nest={"amount": "total total.currency", "parties": "vendor client", "dates": "issued due"},
        core=["Invoice {number} from {vendor}: {total}, due {due}.", "{vendor} billed {client} {total} on {issued}.", "Invoice {number} for {client}, total {total}.",
              "Please pay {total} to {vendor} by {due}.", "{client} owes {vendor} {total}.", "Invoice no. {number}, issued {issued}, due {due}.", "{vendor} invoice {number} dated {issued}: {lines}.",
              "Attached is invoice {number} over {total}.", "{number} | {vendor} | {total} | {due}", "We received {total} from {client} for invoice {number}.",
              "Bill from {vendor} to {client}: {lines}.", "{vendor} charges {client} for {lines}.", "The invoice of {vendor} ({number}) is due on {due}."],
        more=["VAT is {tax}%.", "Due on {due}.", "Issued on {issued}.", "Tax: {tax} percent.", "Account {iban}.", "The amount is {total}.", "Billed to {client}.",
              "It covers {lines}.", "Supplier: {vendor}.", "Includes {tax}% tax.", "Payable by {due}.", "Transfer to {iban}."],
    ),
    "weather": dict(
        slots={
            "city": (lambda w: w.city(), "city place location station town where"),
            "temp": (lambda w: w.integer(-25, 42) if w.r.random() < 0.6 else w.decimal(-20, 40), "temperature temp degrees celsius temp_c"),
            "low": (lambda w: w.integer(-25, 20), "low min night_temperature minimum"),
            "sky": (lambda w: w.choice("sunny cloudy rainy snowy foggy windy stormy clear".split()), "condition conditions sky weather forecast"),
            "wind": (lambda w: w.integer(0, 120), "wind wind_speed wind_kmh"),
            "dir": (lambda w: w.choice("north south east west".split()), "wind_direction direction wind_from"),
            "humidity": (lambda w: w.integer(10, 99), "humidity humidity_percent moisture"),
            "rain": (lambda w: w.decimal(0, 60), "rain rainfall precipitation rain_mm"),
            "date": (lambda w: w.date(), "date day on observed forecast_date"),
            "time": (lambda w: w.time(), "time observed_at measured_at"),
        },
        flags={"alert": ("alert warning storm_warning", ["A storm warning is in force.", "Warning issued.", "There is an alert."], ["No warnings.", "There is no alert.", "No storm warning."])},
        nest={"wind": "wind dir", "temperature": "temp low", "report": "sky temp humidity"},
        core=["It is {sky} in {city} with {temp} degrees.", "{city}: {sky}, {temp}°C, wind {wind} km/h.", "Weather for {city} on {date}: {sky}, {temp} °C.",
              "{city} will be {sky} on {date}.", "Today {city} has {temp}°C and {humidity}% humidity.", "Expect {sky} skies over {city}, {temp} degrees at {time}.",
              "At {time} the station in {city} measured {temp} °C.", "{city} reports {rain} mm of rain.", "{date}, {city}: {temp} degrees, {sky}.", "In {city} the wind blows at {wind} km/h from the {dir}.",
              "{temp}° and {sky} in {city}.", "{city} {date} {sky} {temp}C"],
        more=["Wind {wind} km/h from the {dir}.", "Humidity {humidity}%.", "Rain: {rain} mm.", "At night it drops to {low} degrees.", "Low of {low}.", "Humidity is at {humidity} percent.",
              "{rain} mm of rain expected.", "Winds up to {wind} km/h.", "Measured at {time}.", "The forecast is for {date}.", "The night stays above {low}°C."],
    ),
    "ticket": dict(
        slots={
            "id": (lambda w: w.order_id(), "ticket id ticket_id number case reference"),
            "title": (lambda w: w.problem(), "title subject summary issue problem description"),
            "reporter": (lambda w: w.maybe_first(), "reporter reported_by name user opened_by customer"),
            "assignee": (lambda w: w.maybe_first(), "assignee assigned_to owner handled_by agent"),
            "priority": (lambda w: w.choice("low medium high urgent normal critical".split()), "priority severity urgency level"),
            "status": (lambda w: w.choice("open closed pending resolved waiting new".split()), "status state"),
            "tags": (lambda w: w.many(w.tag, 1, 4), "tags labels keywords topics"),
            "email": (lambda w: w.email(), "email reporter_email contact mail reply_to"),
            "opened": (lambda w: w.date_time(), "opened created created_at opened_at timestamp"),
            "due": (lambda w: w.date(), "due due_date deadline"),
            "version": (lambda w: V(f"{w.r.randint(0, 19)}.{w.r.randint(0, 30)}.{w.r.randint(0, 30)}"), "version app_version release"),
            "url": (lambda w: w.uri(), "url link page uri"),
        },
        flags={"blocking": ("blocking is_blocking blocker", ["This blocks our work.", "We are blocked.", "It is a blocker."], ["It is not blocking.", "We can keep working.", "Not a blocker."])},
        nest={"people": "reporter assignee", "reporter": "reporter email", "meta": "priority status tags"},
        core=["{title}. Priority {priority}.", "Ticket {id}: {title}.", "{reporter} reports: {title}.", "{title}, says {reporter}.", "Ticket {id} from {reporter} is {status}.",
              "[{priority}] {title} ({reporter})", "{title}. Please assign to {assignee}.", "Case {id}, {status}: {title}. Owner {assignee}.", "Hi, {title}. Regards, {reporter}",
              "{reporter} opened ticket {id} on {opened}.", "{id} {status} {priority}: {title}", "Assign {id} to {assignee}, priority {priority}.", "Support request by {reporter} <{email}>: {title}."],
        more=["Priority: {priority}.", "It is {status}.", "Tags: {tags}.", "Assigned to {assignee}.", "Reply to {email}.", "Opened {opened}.", "Due {due}.", "Version {version}.",
              "See {url}", "Status {status}.", "Labelled {tags}.", "{assignee} takes care of it.", "The ticket number is {id}.", "Seen in version {version}.", "Urgency is {priority}."],
    ),
    "product": dict(
        slots={
            "name": (lambda w: w.product(), "name product title product_name item"),
            "brand": (lambda w: w.company() if w.r.random() < 0.3 else V(w.pseudo()), "brand maker manufacturer made_by"),
            "sku": (lambda w: w.code(), "sku code article_number product_code id"),
            "price": (lambda w: w.money(), "price cost unit_price retail_price amount"),
            "price.currency": (None, "currency price_currency"),
            "colour": (lambda w: w.colour(), "colour color shade finish"),
            "sizes": (lambda w: V(*(lambda s: (w.join(s), (1, array(STRING), s)))(w.r.sample("XS S M L XL XXL".split(), w.r.randint(1, 4)))), "sizes available_sizes fits"),
            "stock": (lambda w: w.integer(0, 5000), "stock quantity in_stock units inventory"),
            "weight": (lambda w: w.decimal(0.1, 90), "weight weight_kg kg mass"),
            "rating": (lambda w: w.decimal(1, 5), "rating stars score"),
            "category": (lambda w: w.choice("kitchen garden office sport toys books clothing tools".split()), "category department section type"),
            "url": (lambda w: w.uri(), "url link page"),
            "tags": (lambda w: w.many(w.tag, 1, 3), "tags keywords labels"),
        },
        flags={"available": ("available in_stock is_available", ["Available now.", "It is in stock.", "Ready to ship."], ["Sold out.", "Not available.", "Out of stock."])},
        nest={"price": "price price.currency", "details": "colour weight sizes", "maker": "brand"},
        core=["The {name} by {brand} costs {price}.", "{name}, {colour}, {price}.", "{brand} {name} ({sku}) for {price}", "{sku}: {name}, {stock} units, {price}.", "New in {category}: {name} from {brand}.",
              "{name} - only {price}!", "We sell the {name} for {price}, {stock} left.", "Item {sku}, {name}, weighs {weight} kg.", "The {name} comes in {sizes}.", "{name} rated {rating} stars.",
              "{brand} presents the {name}, now {price}.", "For {price} you get a {name} in {colour}.", "{name} / {brand} / {sku} / {price}"],
        more=["Weight {weight} kg.", "Sizes: {sizes}.", "Colour: {colour}.", "Rated {rating} out of 5.", "{stock} in stock.", "Category {category}.", "See {url}", "Made by {brand}.", "Code {sku}.",
              "It is listed under {category}.", "Tagged {tags}.", "It weighs {weight} kg.", "Comes in {colour}.", "We have {stock} of them."],
    ),
    "travel": dict(
        slots={
            "passenger": (lambda w: w.person(), "passenger traveller name traveler guest booked_for"),
            "passenger.last": (None, "last_name surname"),
            "origin": (lambda w: w.city(), "from origin departure_city start from_city"),
            "dest": (lambda w: w.city(), "to destination arrival_city to_city arrives_in"),
            "date": (lambda w: w.date(), "date departure departure_date travel_date leaves_on"),
            "back": (lambda w: w.date(), "return_date return back back_on returns_on"),
            "time": (lambda w: w.time(), "time departure_time departs leaves_at"),
            "flight": (lambda w: V(w.r.choice("LH BA AF KL SK TP AZ OS LX".split()) + w.r.choice(("", " ")) + w.digits(w.r.randint(3, 4))), "flight flight_number flight_no number"),
            "seat": (lambda w: V(str(w.r.randint(1, 60)) + w.r.choice("ABCDEF")), "seat seat_number"),
            "people": (lambda w: w.count(9), "passengers people travellers party_size adults"),
            "hotel": (lambda w: V(w.r.choice(("Hotel " + w.pseudo(), w.pseudo() + " Inn", "The " + w.pseudo(), w.pseudo() + " Palace"))), "hotel accommodation stay hotel_name"),
            "nights": (lambda w: w.count(21), "nights stay_nights number_of_nights"),
            "price": (lambda w: w.money(), "price fare cost total"),
            "price.currency": (None, "currency"),
            "mode": (lambda w: w.choice("train bus plane car ferry bike".split()), "mode transport travel_by means"),
            "cabin": (lambda w: w.choice("economy business first premium".split()), "cabin class travel_class"),
        },
        flags={"direct": ("direct nonstop is_direct", ["A direct connection.", "Nonstop.", "No changes."], ["With one change.", "It is not direct.", "There is a stopover."])},
        nest={"route": "origin dest", "trip": "origin dest date", "hotel": "hotel nights", "dates": "date back"},
        core=["{passenger} flies from {origin} to {dest} on {date}.", "Flight {flight} from {origin} to {dest}, seat {seat}.", "I need a {mode} from {origin} to {dest} on {date}.", "Trip to {dest}: {date} to {back}, {hotel}.",
              "Book {nights} nights at {hotel} in {dest} for {passenger}.", "{origin} to {dest}, {date}, {time}, {mode}", "We are {people} people going from {origin} to {dest}.", "{passenger} travels to {dest} by {mode}.",
              "From {origin} to {dest} by {mode} costs {price}.", "Departure {time} from {origin}, arriving in {dest}.", "{passenger} stays at {hotel} for {nights} nights.", "The {mode} to {dest} leaves {origin} at {time}.",
              "Find me a {cabin} ticket to {dest} from {origin} for {people}.", "{flight}: {origin} - {dest}, {date}", "Going to {dest} on {date}, back on {back}."],
        more=["Return on {back}.", "Seat {seat}.", "The fare is {price}.", "Hotel: {hotel}.", "{people} passengers.", "Departs at {time}.", "Cabin: {cabin}.", "Flight number {flight}.", "Staying {nights} nights.",
              "Price {price}.", "It leaves on {date}.", "Back on {back}.", "In {cabin} class.", "Passenger: {passenger}.", "Sleeping at {hotel}."],
    ),
}

DOMAINS.update({
    "media": dict(
        slots={
            "title": (lambda w: w.named(), "title name book film song work movie"),
            "author": (lambda w: w.person(), "author writer by creator written_by director artist"),
            "author.last": (None, "author_last_name last_name"),
            "year": (lambda w: w.integer(1850, 2029), "year published released release_year publication_year"),
            "pages": (lambda w: w.integer(20, 1200), "pages page_count length"),
            "genre": (lambda w: w.choice("crime fantasy drama comedy horror romance history thriller poetry".split()), "genre category kind type"),
            "publisher": (lambda w: w.company(), "publisher label studio published_by"),
            "rating": (lambda w: w.decimal(1, 10), "rating score stars"),
            "isbn": (lambda w: V(w.digits(3) + "-" + w.digits(5) + "-" + w.digits(4)), "isbn code identifier"),
            "cast": (lambda w: w.many(lambda: w.person(), 1, 3), "cast actors starring performers"),
            "language": (lambda w: w.language(), "language lang original_language"),
        },
        nest={"book": "title author year", "details": "year genre pages", "edition": "publisher year"},
        core=["{title} by {author} ({year}).", "{author} wrote {title} in {year}.", "{title} is a {genre} by {author}.", "I just read {title} by {author}.", "{author}: {title}. {publisher}, {year}.",
              "The book {title} has {pages} pages.", "\"{title}\" by {author}, {publisher}", "{title}, published by {publisher} in {year}.", "In {year} {author} released {title}.", "Have you seen {title} ({year}) with {cast}?",
              "My favourite {genre} is {title} by {author}.", "{title} stars {cast}.", "{author}'s {title} came out in {year}."],
        more=["It has {pages} pages.", "Rated {rating}/10.", "Genre: {genre}.", "ISBN {isbn}.", "Published by {publisher}.", "Written in {language}.", "It came out in {year}.", "Starring {cast}.", "Critics gave it {rating}."],
    ),
    "payment": dict(
        slots={
            "sender": (lambda w: w.maybe_first(), "from sender payer paid_by source"),
            "receiver": (lambda w: w.person() if w.r.random() < 0.6 else w.company(), "to recipient payee receiver beneficiary paid_to"),
            "amount": (lambda w: w.money(), "amount sum value total price"),
            "amount.currency": (None, "currency currency_code unit"),
            "purpose": (lambda w: w.phrase(), "purpose reason for note memo description"),
            "date": (lambda w: w.date(), "date paid_on booked day transfer_date"),
            "method": (lambda w: w.choice("cash card transfer cheque wallet".split()), "method payment_method paid_with via"),
            "ref": (lambda w: w.code(), "reference ref transaction id"),
            "category": (lambda w: w.choice("food rent travel health fun insurance other".split()), "category type kind"),
        },
        flags={"refund": ("refund is_refund refunded", ["This is a refund.", "It was refunded."], ["It is not a refund.", "No refund."])},
        nest={"money": "amount amount.currency", "parties": "sender receiver"},
        core=["{sender} paid {receiver} {amount}.", "{sender} sent {amount} to {receiver} for {purpose}.", "Transfer {amount} to {receiver}.", "I spent {amount} on {purpose}.", "{amount} from {sender} on {date}.",
              "Paid {amount} by {method} at {receiver}.", "{date}: {receiver}, {amount}, {category}", "Payment {ref} of {amount} to {receiver}.", "{receiver} received {amount} from {sender}.", "Please wire {amount} to {receiver}, reference {ref}.",
              "Expense: {purpose}, {amount}, {date}"],
        more=["For {purpose}.", "Paid by {method}.", "On {date}.", "Reference {ref}.", "Category: {category}.", "It was for {purpose}.", "Method: {method}.", "Booked on {date}."],
    ),
    "vacancy": dict(
        slots={
            "title": (lambda w: w.job(), "title position role job job_title vacancy"),
            "company": (lambda w: w.company(), "company employer organisation firm hiring_company"),
            "city": (lambda w: w.city(), "city location place office workplace"),
            "salary": (lambda w: w.money(), "salary pay wage annual_salary compensation"),
            "salary.currency": (None, "currency salary_currency"),
            "skills": (lambda w: w.many(w.skill, 1, 4), "skills requirements required_skills must_have"),
            "hours": (lambda w: w.integer(5, 45), "hours weekly_hours hours_per_week"),
            "start": (lambda w: w.date(), "start start_date starts_on from"),
            "contact": (lambda w: w.person(), "contact recruiter contact_person apply_to"),
            "email": (lambda w: w.email(), "email apply_email contact_email"),
            "years": (lambda w: w.count(15), "experience years years_of_experience min_years"),
            "level": (lambda w: w.choice("junior senior lead intern principal".split()), "level seniority grade"),
        },
        flags={"remote": ("remote is_remote home_office", ["Fully remote.", "Remote work is possible."], ["On site only.", "No remote work.", "Office only."]),
               "permanent": ("permanent is_permanent", ["A permanent position.", "Permanent contract."], ["A temporary job.", "Fixed term."])},
        nest={"contact": "contact email", "offer": "salary hours", "pay": "salary salary.currency"},
        core=["{company} is looking for a {title} in {city}.", "{title} wanted at {company}, {salary} a year.", "We hire a {level} {title} with {skills}.", "Job: {title}, {company}, {city}", "{level} {title} ({hours} hours) at {company}",
              "Our {city} office needs a {title} from {start}.", "{company} offers {salary} to a {title}.", "Wanted: {title} who knows {skills}.", "{title} - {city} - {salary}", "Become a {title} at {company}!"],
        more=["Skills: {skills}.", "{hours} hours a week.", "Starting {start}.", "Contact {contact}.", "Apply to {email}.", "You bring {years} years of experience.", "The salary is {salary}.", "You know {skills}.", "Ask for {contact}.", "At least {years} years."],
    ),
    "estate": dict(
        slots={
            "kind": (lambda w: w.choice("flat house studio villa cottage office garage loft".split()), "type kind property_type property"),
            "rooms": (lambda w: w.count(9), "rooms bedrooms room_count number_of_rooms"),
            "area": (lambda w: w.integer(12, 900), "area size square_metres sqm area_m2"),
            "street": (lambda w: w.street(), "street address street_address"),
            "city": (lambda w: w.city(), "city town location place"),
            "rent": (lambda w: w.money(), "rent price monthly_rent cost"),
            "rent.currency": (None, "currency"),
            "free": (lambda w: w.date(), "available available_from free_from move_in"),
            "agent": (lambda w: w.maybe_first(), "agent landlord contact owner"),
            "phone": (lambda w: w.phone(), "phone tel contact_phone"),
            "floor": (lambda w: w.integer(0, 40), "floor storey level"),
        },
        flags={"pets": ("pets pets_allowed", ["Pets are welcome.", "Pets allowed."], ["No pets.", "Pets are not allowed."]),
               "furnished": ("furnished is_furnished", ["Furnished.", "It comes with furniture."], ["Unfurnished.", "No furniture."]),
               "parking": ("parking has_parking", ["With parking.", "Parking included."], ["No parking.", "Without parking."])},
        nest={"address": "street city", "size": "rooms area", "contact": "agent phone"},
        core=["{kind} with {rooms} rooms in {city} for {rent}.", "{rooms} rooms, {area} m2, {street}, {city}", "For rent: {kind} in {city}, {area} square metres.", "A {kind} at {street} costs {rent} a month.", "{agent} rents out a {kind} in {city}.",
              "{city}: {kind}, {rooms} rooms, {rent}", "The {kind} at {street}, {city} is free from {free}.", "Nice {kind}, {area} sqm, floor {floor}."],
        more=["Available from {free}.", "Call {agent} on {phone}.", "Rent {rent}.", "It is on floor {floor}.", "It has {rooms} rooms.", "{area} square metres.", "Ask {agent}.", "The address is {street}."],
    ),
    "booking": dict(
        slots={
            "name": (lambda w: w.maybe_first(), "name guest booked_by for patient client customer under"),
            "place": (lambda w: V(w.pseudo() + w.r.choice(("", " Grill", " Kitchen", " Clinic", " Spa", " House", " Bar"))), "restaurant place venue where business"),
            "people": (lambda w: w.count(12), "people guests party_size seats persons"),
            "date": (lambda w: w.date(), "date day on booking_date appointment_date"),
            "time": (lambda w: w.time(), "time at hour start appointment_time"),
            "service": (lambda w: w.choice("haircut massage checkup dinner lunch repair lesson".split()), "service type treatment kind"),
            "doctor": (lambda w: V("Dr. " + w.last()), "doctor with physician staff"),
            "phone": (lambda w: w.phone(), "phone tel mobile callback"),
            "notes": (lambda w: w.phrase(), "notes remark comment request note"),
        },
        flags={"confirmed": ("confirmed is_confirmed", ["It is confirmed.", "Confirmed."], ["Not confirmed yet.", "Still to be confirmed."]),
               "outside": ("outside outdoor terrace", ["We want to sit outside.", "On the terrace please."], ["Not outside please.", "A table indoors."])},
        nest={"slot": "date time", "guest": "name phone", "when": "date time"},
        core=["Table for {people} at {place} on {date}, name {name}.", "{name} has a {service} at {time} on {date}.", "Book a {service} for {name} on {date} at {time}.", "{name} sees {doctor} on {date}.", "Can I have a {service} at {time}?",
              "Reservation: {name}, {people} people, {time}", "A table for {people} at {time} under {name}, please.", "Appointment with {doctor} at {time} on {date} for {name}.", "We are {people}, coming to {place} at {time}.",
              "{name} / {service} / {date} {time}", "Move the {service} of {name} to {date}."],
        more=["My number is {phone}.", "Note: {notes}.", "At {place}.", "With {doctor}.", "{people} people.", "The name is {name}.", "Time: {time}.", "Call {phone}.", "Remark: {notes}."],
    ),
    "match": dict(
        slots={
            "home": (lambda w: V(w.pseudo() + w.r.choice(("", " FC", " United", " Rovers", " Tigers"))), "home home_team team_a host winner"),
            "away": (lambda w: V(w.pseudo() + w.r.choice(("", " FC", " City", " Bears", " Stars"))), "away away_team team_b visitor opponent"),
            "hs": (lambda w: w.integer(0, 120), "home_score home_goals home_points score_a"),
            "as": (lambda w: w.integer(0, 120), "away_score away_goals away_points score_b"),
            "date": (lambda w: w.date(), "date match_date played_on day"),
            "place": (lambda w: w.city(), "city place venue stadium"),
            "fans": (lambda w: w.integer(100, 90000), "attendance fans spectators crowd"),
            "sport": (lambda w: w.choice("football hockey rugby basketball handball cricket".split()), "sport game discipline"),
            "mvp": (lambda w: w.person(), "best_player mvp player scorer man_of_the_match"),
        },
        nest={"score": "hs as", "teams": "home away"},
        core=["{home} vs {away} {hs}:{as}", "{home} {hs} - {as} {away}", "{home} beat {away} {hs} to {as}.", "{home} played {away} in {place} on {date}.", "{sport}: {home} against {away}, {date}", "{fans} fans saw {home} play {away}.",
              "On {date} {home} met {away} in {place}, final score {hs}:{as}.", "{away} lost {as} to {hs} at {home}."],
        more=["{fans} spectators came.", "Best player: {mvp}.", "Played in {place}.", "Attendance {fans}.", "The game was on {date}.", "{mvp} was the star.", "The final score was {hs}:{as}."],
    ),
})

# more phrasings and field names for the domains above
MORE_TEXT = {
    "contact": ["{name} - {age} - {city}", "Name is {name}, age {age}.", "{name}, {job}, {city}, {phone}", "There is a {job} called {name} in {city}.", "{name} turned {age} and moved to {city}, {country}.", "I met {name} from {city} today, a {job} at {company}.",
                "Our new colleague {name} ({age}) comes from {city}.", "{job} {name} can be reached at {phone}.", "hi, I am {name}, my mail is {email}", "{name}, {city}", "{email} belongs to {name}.", "Born {birthday}: {name}.", "{name} was born in {city} in {country}.",
                "{name}, who lives in {city}, works for {company}.", "Customer {name}, {street}, {city}, {country}, {phone}", "{name}, {age} years, {job}"],
    "event": ["{title}, {date}", "{title} at {time}", "On {date} at {time} there is a {title} in {place}.", "Can we do the {title} at {time} on {date}?", "{host} and {people} meet for {title}.", "{when}: {title} with {host}", "Let's have the {title} in {room} at {time}.",
              "Save the date: {title}, {date}, {place}.", "{title} ({duration} min) on {date}", "The {title} in {place} costs {fee}.", "Cancel the {title} on {date}.", "Move {title} to {time}.", "{title} is on {date} from {time}."],
    "order": ["{items} for {customer}", "Can I get {items}?", "{customer} from {city} ordered {items} on {date}.", "Please deliver {items} to {street}.", "I'd like to order {items}.", "Customer {customer}, order {id}, {items}.", "{items}, total {total}.", "Pick up {items} at {street}.",
              "Send {customer} {items}.", "Order {id} will arrive on {delivery}.", "{id} {customer} {total}", "We ordered {items} for {total}."],
    "invoice": ["Invoice {number}, {total}", "{vendor} asks {total} from {client}.", "Invoice to {client} from {vendor}: {lines}. Total {total}.", "{total} is due on {due} for invoice {number}.", "Invoice {number} of {issued} by {vendor}", "{vendor} sent us invoice {number}.",
                "Invoice {number} has a total of {total} and {tax}% tax.", "We billed {client} for {lines}."],
    "weather": ["{city} {temp} degrees {sky}", "{sky} in {city}", "On {date} it was {sky} in {city} with {temp} degrees.", "It's {temp}°C in {city}.", "The weather in {city}: {sky}.", "{city} had {rain} mm of rain on {date}.", "{city}, {temp}/{low}, {sky}", "Between {low} and {temp} degrees in {city}.",
                "A {sky} day in {city}, humidity {humidity}%."],
    "ticket": ["{title}", "{title} since {opened}.", "{reporter}: {title}", "User {reporter} says {title}.", "Please help, {title}.", "{priority} priority: {title}", "{title} (version {version})", "{title} on {url}", "New ticket by {reporter}: {title}, {priority}.", "{assignee} closed ticket {id}.", "{title}. My email is {email}."],
    "product": ["{name} {price}", "{name} ({colour})", "The {colour} {name} is {price}.", "Buy the {name} by {brand}, it weighs {weight} kg.", "{brand} sells a {name} for {price}.", "{name}: {stock} pieces at {price}", "The price of {name} is {price}.", "{name}, size {sizes}, {colour}", "Product {name}, code {sku}, category {category}."],
    "travel": ["{origin} - {dest} {date}", "{passenger} goes to {dest}.", "A {mode} ticket from {origin} to {dest}, {price}.", "To {dest} on {date} with {people} people.", "Leaving {origin} at {time}, {cabin} class.", "{people} tickets {origin} to {dest}", "Fly me from {origin} to {dest}.", "{passenger} leaves {origin} for {dest} on {date} and returns on {back}.",
               "Stay in {dest}: {hotel}, {nights} nights, {price}.", "Flight {flight} leaves at {time}.", "How much is a {mode} from {origin} to {dest}?"],
}
MORE_NAMES = {
    "contact": {"name": "user username person_name employee member", "age": "current_age how_old", "city": "hometown living_in based_in", "country": "country_name origin", "phone": "phoneNumber cell contact_number", "company": "workplace company_name", "job": "work title function"},
    "event": {"title": "topic event_title meeting", "date": "event_day scheduled_for", "people": "attending members invited", "host": "leader chair presenter", "place": "event_place town"},
    "order": {"customer": "person user recipient orderer", "items": "basket cart ordered_items entries", "id": "order_no nr identifier", "total": "order_amount cost to_pay"},
    "invoice": {"number": "no invoice_no document", "vendor": "company_name provider sender", "client": "debtor payer receiver", "total": "invoice_total gross to_pay"},
    "weather": {"city": "area region city_name", "temp": "temperature_celsius high max", "sky": "state summary weather_condition", "wind": "wind_kph windSpeed"},
    "ticket": {"title": "message text error what", "reporter": "author sender person", "assignee": "responsible support_agent", "priority": "prio importance"},
    "product": {"name": "article label product_title", "price": "sale_price list_price", "brand": "producer company vendor", "stock": "count available_units pieces"},
    "travel": {"passenger": "person customer traveller_name", "origin": "source departure_from start_city leaving", "dest": "target going_to end city", "people": "tickets seats count", "date": "day when outbound"},
}
for _d, _templates in MORE_TEXT.items():
    DOMAINS[_d]["core"] += _templates
for _d, _slots in MORE_NAMES.items():
    for _slot, _names in _slots.items():
        DOMAINS[_d]["slots"][_slot] = (DOMAINS[_d]["slots"][_slot][0], DOMAINS[_d]["slots"][_slot][1] + " " + _names)

NOISE = ["Thanks!", "Hi team,", "Please see below.", "Hello,", "Best regards", "FYI", "Note:", "Let me know.", "Cheers", "Good morning!", "As discussed.", "Quick update:", "Many thanks in advance.", "Sent from my phone"]

# tool: (names, [(parameter names, maker)], templates); {0} is the first parameter
TOOLS = [
    ("get_weather weather fetch_weather weather_lookup", [("city location place", lambda w: w.city()), ("date day", lambda w: w.date())],
     ["What is the weather in {0} on {1}?", "How is the weather in {0}?", "Will it rain in {0} on {1}?", "Weather {0}", "Do I need an umbrella in {0}?", "Give me the forecast for {0}."]),
    ("send_email email compose_mail mail", [("to recipient address", lambda w: w.email()), ("subject title", lambda w: w.phrase())],
     ["Send an email to {0} about {1}.", "Write {0} a mail with the subject {1}", "Email {0}: {1}", "Mail {0} regarding {1}."]),
    ("create_event add_event schedule_meeting calendar_add", [("title name", lambda w: w.topic()), ("date day", lambda w: w.date()), ("time start", lambda w: w.time())],
     ["Schedule the {0} on {1} at {2}.", "Put {0} in the calendar for {1}.", "Add {0} on {1}, {2}.", "Create an event {0} on {1} at {2}."]),
    ("search_flights find_flights flights", [("origin from", lambda w: w.city()), ("destination to", lambda w: w.city()), ("date day", lambda w: w.date()), ("passengers adults", lambda w: w.count(9))],
     ["Find flights from {0} to {1} on {2}.", "Flights from {0} to {1} for {3} people.", "I want to fly from {0} to {1}.", "Show me flights {0} to {1} on {2} for {3}."]),
    ("set_reminder remind add_reminder", [("task text what", lambda w: w.task()), ("time at", lambda w: w.time())],
     ["Remind me to {0} at {1}.", "Reminder: {0} at {1}", "At {1} I have to {0}, remind me.", "Don't let me forget to {0}."]),
    ("play_music play music_player", [("song title track", lambda w: w.phrase()), ("artist by", lambda w: w.person())],
     ["Play {0} by {1}.", "Put on {0} by {1}", "I want to hear {0}.", "Start the song {0} from {1}."]),
    ("convert_currency exchange currency_convert", [("amount value", lambda w: V(*(lambda p: (p[0], (1, NUMBER, p[1])))(w.price()))), ("from source", lambda w: w.choice("USD EUR GBP CHF".split())), ("to target", lambda w: w.choice("JPY SEK INR PLN".split()))],
     ["Convert {0} {1} to {2}.", "How much is {0} {1} in {2}?", "Change {0} {1} into {2}"]),
    ("book_table reserve_table restaurant_booking", [("restaurant place", lambda w: V(w.pseudo() + w.r.choice(("", " Grill", " Kitchen", " House")))), ("people party_size guests", lambda w: w.count(12)), ("time at", lambda w: w.time()), ("date day", lambda w: w.date())],
     ["Book a table at {0} for {1} at {2}.", "Reserve {0} for {1} people on {3}.", "Table for {1} at {0}, {2}.", "We want to eat at {0} on {3} at {2}, {1} people."]),
    ("translate translate_text", [("text phrase", lambda w: w.phrase()), ("language target to", lambda w: w.language())],
     ["Translate {0} into {1}.", "How do you say {0} in {1}?", "Put {0} into {1}, please."]),
    ("set_light light_control lights", [("room place", lambda w: V(w.r.choice("kitchen|bedroom|office|hall|garage|bathroom".split("|")))), ("brightness level", lambda w: w.integer(1, 100)), ("colour color", lambda w: w.colour())],
     ["Set the {0} light to {1} percent.", "Dim the {0} to {1}%.", "Make the {0} light {2} at {1} percent.", "Turn the {0} lights {2}."]),
    ("search search_web web_search lookup", [("query q text", lambda w: w.phrase()), ("limit max_results count", lambda w: w.count(50))],
     ["Search for {0}.", "Look up {0} and show {1} results.", "Find {1} results about {0}.", "Google {0}"]),
    ("create_ticket open_ticket report_issue", [("title issue problem", lambda w: w.problem()), ("priority severity", lambda w: w.choice("low medium high urgent".split())), ("assignee owner", lambda w: w.maybe_first())],
     ["Open a ticket: {0}, priority {1}.", "Report that {0}.", "File an issue, {0}, for {2}.", "{0}, please create a {1} ticket."]),
    ("send_message message text_contact", [("to contact recipient", lambda w: w.maybe_first()), ("text message body", lambda w: V(w.filler()[:-1]) if w.r.random() < 0.5 else w.phrase())],
     ["Tell {0}: {1}", "Send {0} a message: {1}", "Text {0} {1}", "Message to {0}: {1}"]),
    ("set_timer timer start_timer", [("minutes duration length", lambda w: w.integer(1, 180)), ("label name", lambda w: V(w.r.choice("tea pasta eggs pizza laundry break workout".split())))],
     ["Set a timer for {0} minutes.", "Timer {0} minutes for {1}", "Start a {0} minute timer called {1}.", "Count down {0} minutes."]),
    ("get_directions navigate route", [("from start origin", lambda w: w.street()), ("to destination end", lambda w: w.street()), ("mode by", lambda w: w.choice("car bike train foot".split()))],
     ["How do I get from {0} to {1}?", "Route from {0} to {1} by {2}.", "Navigate to {1}.", "Take me from {0} to {1} by {2}."]),
    ("add_contact save_contact create_contact", [("name full_name", lambda w: w.person()), ("phone number", lambda w: w.phone()), ("email mail", lambda w: w.email())],
     ["Save {0} with number {1}.", "Add {0} to my contacts, {2}.", "New contact {0}, phone {1}, email {2}.", "Store the number {1} for {0}."]),
    ("add_to_list shopping_list list_add", [("items things", lambda w: w.many(lambda: V(w.r.choice(NOUNS + ["milk", "bread", "eggs", "rice", "tea", "apples", "cheese"])), 1, 4)), ("list list_name", lambda w: V(w.r.choice("shopping packing party home".split())))],
     ["Add {0} to my {1} list.", "Put {0} on the {1} list.", "I need {0}.", "We are out of {0}, add them to the {1} list."]),
    ("get_stock_price stock_quote", [("company name", lambda w: w.company()), ("currency unit", lambda w: w.choice("USD EUR GBP".split()))],
     ["What is the share price of {0}?", "Stock quote for {0} in {1}.", "How is {0} trading?", "Price of {0} shares in {1}"]),
]


# ---------------------------------------------------------------- signatures

def style_name(style, name):
    words = name.replace("-", "_").replace(" ", "_").split("_")
    if style == "camel":
        return words[0] + "".join(w.capitalize() for w in words[1:])
    if style == "pascal":
        return "".join(w.capitalize() for w in words)
    if style == "kebab":
        return "-".join(words)
    if style == "spaces":
        return " ".join(words)
    return "_".join(words)


def pick_style(r):
    return r.choices(("snake", "camel", "pascal", "kebab", "spaces"), (55, 30, 8, 4, 3))[0]


def pick_type(r, v):
    x = r.random() * sum(w for w, _, _ in v.types)
    for w, t, value in v.types:
        x -= w
        if x <= 0:
            break
    if r.random() < 0.01 and t[0] in ("string", "integer", "number"):
        t = ANY
    return t, value


MISSING = object()


def field(r, key, v):
    """(key, optional, type), value for a value the text states, or for a missing one (v is None or made but unsaid)."""
    said = v.said
    t, value = pick_type(r, v)
    if said:
        opt = r.random() < 0.2
        if not opt and r.random() < 0.07 and t != ANY:
            t = nullable(t)
        return (key, opt, t), value
    if t[0] == "array" and r.random() < 0.3:
        return (key, False, t), []
    if r.random() < 0.7 or t == ANY:
        return (key, True, t), MISSING
    return (key, False, nullable(t)), None


def build_object(r, fields):
    t = obj([f for f, _ in fields])
    return t, {f[0]: v for f, v in fields if v is not MISSING}


def label_text(w, pairs):
    """label/value pairs as lines, lists or sentences."""
    r = w.r
    style = r.choice(("lines", "lines", "lines", "equals", "semi", "semi", "is", "dash", "comma", "csv", "json"))
    if style == "json":
        return json.dumps(dict(pairs), ensure_ascii=False)
    if r.random() < 0.08:
        pairs = [(k, f'"{v}"') for k, v in pairs]
    if style == "lines":
        bullet = r.choice(("", "", "- ", "* "))
        return "\n".join(f"{bullet}{k}: {v}" for k, v in pairs)
    if style == "equals":
        return r.choice(("\n", "; ", ", ")).join(f"{k}={v}" for k, v in pairs)
    if style == "semi":
        return "; ".join(f"{k}: {v}" for k, v in pairs)
    if style == "comma":
        return ", ".join(f"{k} {v}" for k, v in pairs) + "."
    if style == "csv":
        return " | ".join(f"{k}: {v}" for k, v in pairs)
    if style == "dash":
        return "\n".join(f"{k} - {v}" for k, v in pairs)
    parts = [f"the {k} is {v}" for k, v in pairs]
    text = parts[0] if len(parts) == 1 else ", ".join(parts[:-1]) + " and " + parts[-1]
    return text[0].upper() + text[1:] + "."


def article(text):
    return re.sub(r"\b([Aa]) (?=(accountant|analyst|architect|editor|electrician|engineer|office)\b)", r"\1n ", text)


def domain_example(w, name, most):
    r, d = w.r, DOMAINS[name]
    slots, flags = d["slots"], d.get("flags", {})
    labelled = r.random() < 0.22
    values, pieces, labels = {}, [], {}

    def make(slot):
        if slot not in values:
            maker = slots[slot][0]
            v = w.email(values["name"].text if "name" in values else None) if slot == "email" else maker(w)
            v.said = False
            values[slot] = v
        return values[slot]

    def say(template):
        names = re.findall(r"\{(\w+)\}", template)
        if any(n in values and values[n].said for n in names):
            return None
        for n in names:
            make(n).said = True
        return re.sub(r"\{(\w+)\}", lambda m: values[m.group(1)].text, template)

    if labelled:
        chosen = r.sample([s for s in slots if "." not in s], r.randint(1, min(most + 1, 7)))
        pairs = []
        title = r.random() < 0.5
        for s in chosen:
            label = r.choice(slots[s][1].split()).replace("_", " ")
            if label in labels.values():
                continue
            labels[s] = label
            make(s).said = True
            pairs.append((label.capitalize() if title else label, values[s].text))
        text = label_text(w, pairs)
    else:
        pieces.append(say(w.template(d["core"])))
        for _ in range(r.choice((0, 0, 1, 1, 2, 3)) if most > 3 else r.choice((0, 0, 1))):
            p = say(w.template(d["more"]))
            if p:
                pieces.append(p)
    flag_values = {}
    for f, (names, yes, no) in flags.items():
        if r.random() < 0.25 and not labelled:
            b = r.random() < 0.5
            pieces.append(w.template(yes if b else no))
            flag_values[f] = b
    if not labelled:
        if r.random() < 0.1:
            pieces.insert(r.randint(0, len(pieces)), w.filler())
        if r.random() < 0.1:
            n = r.choice(NOISE)
            pieces.insert(0 if n[-1] in ",:" or r.random() < 0.4 else len(pieces), n)
        if len(pieces) > 1 and r.random() < 0.1:
            pieces[0], pieces[1] = pieces[1], pieces[0]
        text = r.choice((" ", " ", " ", "\n")).join(pieces)
        if text.endswith(".") and r.random() < 0.15:
            text = text[:-1]

    # ask for a subset of what is said, and sometimes for something that is not
    said = [s for s in values if values[s].said]
    for s in list(said):
        v = values[s]
        for part, sub in v.sub.items():
            if f"{s}.{part}" in slots:
                sub.said = True
                values[f"{s}.{part}"] = sub
                if r.random() < 0.35:
                    said.append(f"{s}.{part}")
    r.shuffle(said)
    ask = said[: r.randint(min(2, most, len(said)), min(most, len(said)))] if said else []
    taken = {n for s in values for n in slots[s][1].split()}
    unsaid = [s for s in slots if "." not in s and s not in values and not taken & set(slots[s][1].split())]
    if r.random() < 0.45 and unsaid:
        for s in r.sample(unsaid, min(len(unsaid), r.choice((1, 1, 1, 2)))):
            make(s)
            ask.insert(r.randint(0, len(ask)), s)
    if r.random() < 0.4:  # often in the order of the text
        order = list(values)
        ask.sort(key=order.index)
    style, used = pick_style(r), set()
    prefix = r.choice((name, "the", "main", "extracted", "my", "customer", "user", "item")) if r.random() < 0.06 else None

    def key_for(names, label=None):
        options = names.split()
        if label and r.random() < 0.6:
            options = [label]
        for _ in range(8):
            # plain first names are more usual
            k = options[0] if r.random() < 0.25 else r.choice(options)
            if prefix and r.random() < 0.3:
                k = f"{prefix}_{k}"
            k = style_name(style, k)
            if k not in used:
                used.add(k)
                return k
        return None

    fields, done = [], set()
    for group, members in d.get("nest", {}).items():
        inside = [s for s in ask if s in members.split() and s not in done]
        if len(inside) >= (2 if len(members.split()) > 1 else 1) and r.random() < 0.22:
            key = style_name(style, group)
            if key in used:
                continue
            outer, used = used | {key}, set()
            inner = [field(r, k, values[s]) for s in inside if (k := key_for(slots[s][1], labels.get(s)))]
            used = outer
            done.update(inside)
            t, v = build_object(r, inner)
            fields.append((ask.index(inside[0]), ((key, False, t), v)))
    for i, s in enumerate(ask):
        if s not in done:
            key = key_for(slots[s][1], labels.get(s))
            if key:
                fields.append((i, field(r, key, values[s])))
    for f, (names, _, _) in flags.items():
        if f in flag_values and r.random() < 0.85:
            v = V("", (1, BOOLEAN, flag_values[f]))
            v.said = True
        elif f not in flag_values and r.random() < 0.06:
            v = V("", (1, BOOLEAN, True))
            v.said = False
        else:
            continue
        key = key_for(names)
        if key:
            fields.append((r.uniform(0, len(ask)), field(r, key, v)))
    fields.sort(key=lambda x: x[0])
    if not fields:
        return domain_example(w, name, most)
    t, value = build_object(r, [f for _, f in fields])
    return article(text), t, value


def tool_example(w, most):
    r = w.r
    tool = r.choice(TOOLS)
    style = pick_style(r) if r.random() < 0.3 else "snake"
    call_key, args_key = r.choice((("tool", "arguments"), ("tool", "arguments"), ("name", "arguments"), ("function", "args"), ("name", "parameters"), ("tool", "input"), ("action", "params")))

    def build(spec, said):
        names, params, _ = spec
        fields = []
        for i, (options, maker) in enumerate(params):
            if i in said:
                v, key = said[i], r.choice(options.split())
            elif r.random() < 0.4:
                v, key = maker(w), r.choice(options.split())
            else:
                continue
            v.said = i in said
            f = field(r, style_name(style, key), v)
            if not v.said and spec is not tool:
                f = ((f[0][0], r.random() < 0.3, pick_type(r, v)[0]), MISSING)
            fields.append(f)
        t, value = build_object(r, fields)
        name = style_name(style, r.choice(names.split()))
        return obj([(call_key, False, enum([name])), (args_key, False, t)]), {call_key: name, args_key: value}

    template = w.template(tool[2])
    said = {int(i): tool[1][int(i)][1](w) for i in sorted(set(re.findall(r"\{(\d)\}", template)))}
    text = re.sub(r"\{(\d)\}", lambda m: said[int(m.group(1))].text, template)
    t, value = build(tool, said)
    if most > 3 and r.random() < 0.4:
        others = r.sample([x for x in TOOLS if x is not tool], r.choice((1, 1, 2)))
        options = [t] + [build(o, {})[0] for o in others]
        r.shuffle(options)
        t = ("union", options)
    return text, t, value


def note_example(w, most):
    """Invented field names whose value is found by a label in the text."""
    r = w.r
    n = r.randint(1, max(2, most))
    makers = [w.word, w.word, w.phrase, w.person, w.city, w.company, w.code, w.product, lambda: w.integer(0, 99), lambda: w.integer(100, 99999),
              lambda: w.decimal(0, 500, r.randint(1, 2)), w.date, w.email, lambda: w.many(w.word, 1, 4), lambda: w.many(lambda: w.maybe_first(), 2, 3),
              lambda: w.choice(r.sample(COLOURS + TAGS, 5)), lambda: w.choice([w.pseudo(False) for _ in range(3)]), w.time, w.phone, w.uri]
    style, pairs, fields, seen = pick_style(r), [], [], set()
    for _ in range(n):
        x = r.random()
        label = r.choice(LABELS) if x < 0.45 else w.pseudo(False) if x < 0.75 else f"{r.choice(ADJ_LABELS)} {r.choice(LABELS)}" if x < 0.9 else f"{w.pseudo(False)} {r.choice(LABELS)}"
        if label in seen:
            continue
        seen.add(label)
        if r.random() < 0.015:
            v = w.uuid()
        elif r.random() < 0.07:
            b = r.random() < 0.5
            v = V(r.choice(("yes", "true", "on") if b else ("no", "false", "off")), (1, BOOLEAN, b))
        else:
            v = r.choice(makers)()
        v.said = True
        pairs.append((label, v))
    asked = r.sample(pairs, r.randint(1, len(pairs))) if r.random() < 0.6 else list(pairs)
    for label, v in asked:
        fields.append(field(r, style_name(style, label), v))
    if r.random() < 0.25:
        label = r.choice(LABELS)
        if label not in seen:
            v = r.choice(makers)()
            v.said = False
            fields.insert(r.randint(0, len(fields)), field(r, style_name(style, label), v))
    shown = [(k, v.text) for k, v in pairs]
    if r.random() < 0.25:
        shown = [(k.capitalize(), v) for k, v in shown]
    elif r.random() < 0.1:
        shown = [(style_name(style, k), v) for k, v in shown]
    text = label_text(w, shown)
    t, value = build_object(r, fields)
    return text, t, value


def list_example(w, most):
    """Arrays of objects and of strings at the top of the answer: several records in one text."""
    r = w.r
    kind = r.choice(("people", "people", "scores", "cities"))
    n = r.randint(1, 4)
    style = pick_style(r)
    key = lambda names: style_name(style, r.choice(names.split()))
    if kind == "people":
        rows = [(w.maybe_first(), w.age(), w.city()) for _ in range(n)]
        template = w.template(["{0} ({1})", "{0}, {1}", "{0} is {1}", "{0} from {2}", "{0} ({2})", "{0}: {1}", "{1}-year-old {0}"])
        spec = {"0": (key("name person full_name who"), STRING), "1": (key("age years"), INTEGER), "2": (key("city town from"), STRING)}
        field_name = key("people persons members team guests users")
    elif kind == "scores":
        rows = [(w.maybe_first() if r.random() < 0.5 else w.word(), w.integer(0, 999), None) for _ in range(n)]
        template = w.template(["{0}: {1}", "{0} {1}", "{0} = {1}", "{0} scored {1}", "{0} has {1}", "{1} for {0}"])
        spec = {"0": (key("name key player label"), STRING), "1": (key("score value points count"), INTEGER)}
        field_name = key("scores results entries values items")
    else:
        rows = [(w.city(), w.country(), w.integer(1000, 99999)) for _ in range(n)]
        template = w.template(["{0} in {1}", "{0} ({1})", "{0} with {2} people", "{0}, {1}", "{0}: {2}"])
        spec = {"0": (key("city name town place"), STRING), "1": (key("country nation"), STRING), "2": (key("population people inhabitants"), INTEGER)}
        field_name = key("cities places stops towns")
    used = re.findall(r"\{(\d)\}", template)
    fmt = lambda row: re.sub(r"\{(\d)\}", lambda m: row[int(m.group(1))].text, template)
    sep = r.choice(("\n", "; ")) if ", {" in template else r.choice(("\n", "; ", ", "))
    text = sep.join(fmt(x) for x in rows)
    if len(used) == 1 or r.random() < 0.15:
        used = ["0"]
        t, value = array(STRING), [x[0].text for x in rows]
    else:
        if r.random() < 0.3:
            used.reverse()
        number = lambda v: v.types[0][2]
        t = array(obj([(spec[u][0], False, spec[u][1]) for u in used]))
        value = [{spec[u][0]: number(x[int(u)]) for u in used} for x in rows]
    fields = [((field_name, False, t), value)]
    if r.random() < 0.25:
        title = w.topic()
        title.said = True
        text = f"{title.text}: {text}" if sep != "\n" else f"{title.text}\n{text}"
        fields.insert(r.randint(0, 1), field(r, key("title event heading topic"), title))
    t, value = build_object(r, fields)
    return text, t, value


WEIGHTS = [("contact", 16), ("event", 10), ("order", 12), ("invoice", 7), ("weather", 6), ("ticket", 8), ("product", 7), ("travel", 8), ("media", 5), ("payment", 5), ("vacancy", 4),
           ("estate", 4), ("booking", 6), ("match", 3), ("tool", 12), ("note", 18), ("list", 7)]


def example(rng, split="train", level=1.0, domain=None):
    """One example: dict with domain, signature type, text and answer. level 0..1 goes from short samples to full ones."""
    w = World(rng, split)
    most = 7 if rng.random() < level else rng.randint(1, 3)
    if domain is None:
        names, weights = zip(*WEIGHTS)
        domain = rng.choices(names, [x * (1 if n != "note" else 1 + 4 * (1 - level)) for n, x in WEIGHTS])[0]
    maker = {"tool": tool_example, "note": note_example, "list": list_example}.get(domain)
    text, t, value = maker(w, most) if maker else domain_example(w, domain, most)
    return {"domain": domain, "type": t, "signature": signature(t), "text": text, "answer": value}


def prompt(sig, text):
    return f"<|system|>{SYSTEM}{sig}<|user|>{text}<|assistant|>"


def answer(value):
    return json.dumps(value, ensure_ascii=False)


def corpus(seed, count, split="train"):
    rng = random.Random(seed)
    for _ in range(count):
        yield example(rng, split)


if __name__ == "__main__":
    import sys

    for ex in corpus(int(sys.argv[1]) if len(sys.argv) > 1 else 1, int(sys.argv[2]) if len(sys.argv) > 2 else 10):
        print(f"[{ex['domain']}] {ex['signature']}\n{ex['text']}\n=> {answer(ex['answer'])}\n")
