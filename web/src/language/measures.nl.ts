/** Dutch of the measures that come with Morgen. A kind that is not here is shown with its own English words. */

import type { Translation } from "./sentences.nl";

const comma = (number: string | undefined): string => (number ?? "").replace(".", ",");
const OF_MEASURE = "^(?:measure '([\\w-]+)' )?(?:\\([\\w-]+\\) )?";
const who = (id: string | undefined): string => (id === undefined ? "De maatregel" : `Maatregel ${id}`);
const percent = (text: string | undefined): string => comma(text).replace("%", " %");

/** What a change of a plan did, in words: 'added wadi-1; removed tree-2'. */
function changes(told: string): string {
  return told
    .replace(/\badded /g, "toegevoegd: ")
    .replace(/\bremoved /g, "verwijderd: ")
    .replace(/\bchanged /g, "gewijzigd: ")
    .replace(/\bthe order\b/g, "de volgorde")
    .replace(/^no measures$/, "geen maatregelen")
    .replace(/^more than can be told.*$/, "meer dan te vertellen is");
}

/** What the rules of measures say. */
export const measureSentences: readonly Translation[] = [
  [
    /^scenario '([\w-]+)' was changed since you read it \((.*)\); read it again/,
    (name, told) => `Plan ${name} is gewijzigd sinds u het las. Wat de ander deed: ${changes(told!)}.`,
  ],
  [/^there is a scenario '([\w-]+)' already/, (name) => `Er is al een plan ${name}. Kies een andere naam.`],
  [
    /^scenario '([\w-]+)' stands on the situation/,
    (name) =>
      `Plan ${name} is getekend op oudere gegevens van deze omgeving. Maak een nieuw plan op de gegevens van nu.`,
  ],
  [
    /^measures '([\w-]+)' \([\w-]+\) and '([\w-]+)' \([\w-]+\) both set the ([\w ]+) of ([\d.]+) m2 at (\d+), (\d+);/,
    (one, other, _what, area, x, y) =>
      `${one} en ${other} willen allebei dezelfde ${comma(area)} m² (bij ${x} ${y}). Houd er een van.`,
  ],
  [
    /^measure '([\w-]+)' at .* lies outside the area '(.*)'; draw it inside$/,
    (id) => `${who(id)} ligt buiten het gebied. Teken haar erbinnen.`,
  ],
  [
    new RegExp(`${OF_MEASURE}lies on the water .* at (\\d+), (\\d+)$`),
    (id, x, y) => `${who(id)} ligt op water (bij ${x} ${y}).`,
  ],
  [
    new RegExp(`${OF_MEASURE}lies under the building (\\S+) at (\\d+), (\\d+)$`),
    (id, bag, x, y) => `${who(id)} ligt onder gebouw ${bag} (bij ${x} ${y}).`,
  ],
  [
    new RegExp(`${OF_MEASURE}has no building`),
    (id) => `${who(id)} ligt niet op een gebouw. Wijs een gebouw aan, of teken over het grootste deel ervan.`,
  ],
  [
    new RegExp(`${OF_MEASURE}lies on a yard, likely of others: .* at (\\d+), (\\d+)$`),
    (id, x, y) => `${who(id)} ligt op een erf, waarschijnlijk van iemand anders (bij ${x} ${y}).`,
  ],
  [
    new RegExp(`${OF_MEASURE}lies on a slope of ([\\d.]+%); at most ([\\d.]+%) is advised$`),
    (id, slope, most) =>
      `${who(id)} ligt op een helling van ${percent(slope)}; hoogstens ${percent(most)} is aan te raden.`,
  ],
  [
    new RegExp(`${OF_MEASURE}is narrower than ([\\d.]+) m$`),
    (id, width) => `${who(id)} is smaller dan ${comma(width)} m.`,
  ],
  [
    new RegExp(`${OF_MEASURE}the groundwater is not known here`),
    (id) => `${who(id)}: het grondwater is hier niet bekend. Laat het meten.`,
  ],
  [
    new RegExp(`${OF_MEASURE}has its bottom (-?[\\d.]+) m above the groundwater; ([\\d.]+) m is advised$`),
    (id, room, least) =>
      `${who(id)} heeft de bodem ${comma(room)} m boven het grondwater; ${comma(least)} m is aan te raden.`,
  ],
  [
    /^the (\w+) of a measure cannot be used \((.*)\); draw it again$/,
    () => "De tekening kruist zichzelf of is leeg. Teken de plek opnieuw.",
  ],
  [
    /^the scenario of a run was not kept/,
    () =>
      "De maatregelen van een van beide zijn niet bewaard. Of de gegevens eronder gelijk zijn, is daarom niet bekend.",
  ],
  [/^the source data differ:/, () => "De gegevens van de omgeving zijn tussen beide berekeningen veranderd."],
  [/^there is nothing to (undo|redo) in scenario/, () => "Er is geen stap meer in deze richting."],
];

export interface ValueText {
  title: string;
  meaning: string;
}

export const dutchMeasures: Record<string, string> = {
  "blue-green-roof": "Een plantendak met kratten eronder die regen vasthouden en langzaam laten gaan.",
  "change-of-use": "Het gebouw blijft staan en krijgt een andere functie.",
  "crate-storage": "Kratten onder de grond die regen vasthouden en in de bodem laten zakken.",
  culvert: "Een buis waardoor water van de ene naar de andere plek stroomt.",
  demolition: "Het gebouw gaat weg; er komt open grond voor in de plaats.",
  "door-threshold": "Een drempel voor de deuren, die water tot zijn hoogte buiten houdt.",
  "green-roof-extensive": "Een dun dak met sedum: houdt een beetje regen vast.",
  "green-roof-intensive": "Een dakpark met een dikke laag aarde: houdt meer regen vast.",
  "hollow-road": "De weg wordt in het midden lager, zodat water daar staat en niet bij de gevels.",
  "larger-sewer": "Het riool in dit gebied voert meer regen af.",
  "lowered-ground": "De grond wordt lager, zodat er water op kan staan.",
  "lowered-road": "De hele weg wordt lager, zodat er water op kan staan.",
  "new-building": "Er komt een gebouw bij. Regen van het dak gaat naar het riool.",
  "new-facility": "Een nieuwe voorziening, zoals een school of huisarts. Het water merkt er niets van.",
  park: "Gras, bomen en planten waar water in de bodem zakt.",
  "parking-removed": "Parkeerplaatsen worden groen.",
  "permeable-paving": "Bestrating met open voegen: regen zakt erdoor en blijft in de laag eronder.",
  playground: "Een plek om te spelen, met een ondergrond die water doorlaat.",
  pond: "Een vijver met water op een vast peil.",
  pump: "Een pomp die water boven een peil wegpompt, naar het eind van de lijn of het gebied uit.",
  "rain-barrel": "Een regenton bij elk gebouw, die water van het dak opvangt.",
  "rain-garden": "Een lage tuin met planten waar regen in de bodem zakt.",
  "raised-floor": "De vloer wordt hoger, zodat water niet binnenkomt.",
  "raised-ground": "De grond wordt opgehoogd.",
  "raised-kerb": "Een hogere stoeprand, die water op de weg houdt.",
  "roof-disconnection": "De regenpijp gaat van het riool af; het water komt op de grond bij het gebouw.",
  "separated-sewer": "Een eigen buis voor regenwater, naast het riool voor vuil water.",
  "speed-bump": "Een drempel in de weg die water tegenhoudt.",
  "storage-basin": "Een droge laagte die bij zware regen volloopt.",
  "street-profile": "De straat krijgt een andere verharding of wordt groen.",
  tree: "Een boom: zijn kroon houdt regen tegen en geeft schaduw.",
  "tree-trench": "Ruimte voor wortels onder de bestrating, die ook regen vasthoudt.",
  unsealing: "Tegels eruit, groen erin.",
  wadi: "Een begroeide laagte waar regen blijft staan en in de bodem zakt.",
  "water-square": "Een verdiept plein dat bij zware regen volloopt.",
  "wider-ditch": "De sloot wordt breder en houdt meer water vast.",
};

export const dutchValues: Record<string, ValueText> = {
  storage: { title: "Berging", meaning: "Hoeveel water wordt vastgehouden." },
  outflow: { title: "Afvoer", meaning: "Wat het dak verlaat als er water op staat." },
  use: { title: "Functie", meaning: "Het gebruiksdoel, in de woorden van de BAG." },
  height: { title: "Hoogte", meaning: "Hoogte boven de grond ernaast; bij kratten hun eigen hoogte." },
  porosity: { title: "Holle ruimte", meaning: "Deel dat met water gevuld kan worden." },
  infiltration: { title: "Opname door de bodem", meaning: "Hoe snel water in de bodem zakt." },
  width: { title: "Breedte", meaning: "Breedte; bij een drempel de lengte in de richting van de weg." },
  level_up: { title: "Bodem aan het begin", meaning: "Binnenkant van de buis, bij het eerste punt." },
  level_down: { title: "Bodem aan het eind", meaning: "Binnenkant van de buis, bij het laatste punt." },
  roughness: { title: "Ruwheid", meaning: "Ruwheid volgens Manning; beton is 0,013 tot 0,017." },
  depth: { title: "Diepte", meaning: "Diepte onder de grond eromheen." },
  capacity: { title: "Capaciteit", meaning: "Wat er meer of in totaal kan worden afgevoerd." },
  floor_area: { title: "Vloeroppervlak", meaning: "Bruto vloeroppervlak van alle verdiepingen samen." },
  floor_above_ground: { title: "Vloerpeil", meaning: "Hoogte van de vloer boven de grond eromheen." },
  facility: { title: "Soort voorziening", meaning: "De naam zoals in de normen, bijvoorbeeld primary-school." },
  on_level: { title: "Aanslagpeil", meaning: "Waterstand waarboven de pomp draait." },
  volume: { title: "Inhoud", meaning: "Ruimte in de regentonnen van één gebouw." },
  level: { title: "Peil", meaning: "Hoogte van de vloer, of van het water in de sloot." },
  share: { title: "Deel van het dak", meaning: "Deel van het dak dat niet meer op het riool loost; 1 is alles." },
  surface: { title: "Verharding", meaning: "Waarvan de straat wordt gemaakt." },
  crown: { title: "Kroon", meaning: "Doorsnede van de volgroeide kroon." },
  interception: { title: "Regen in de kroon", meaning: "Hoeveel regen de bladeren vasthouden." },
  drain: { title: "Drain", meaning: "Wat de drain naar het riool afvoert; 0 is geen drain." },
};
