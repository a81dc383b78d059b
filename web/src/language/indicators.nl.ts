/** Dutch texts for the indicators of the interface `pluvial-flood/1`. What is not here keeps the server's words. */

import type { Parameters } from "../api/types";
import type { Format } from "./format";

export interface IndicatorText {
  title: string;
  meaning: string;
  doesNotShow: string;
  source: string;
}

const FACADE =
  "0,10 en 0,15 m zijn gebruikelijk in Nederlandse stresstesten. Het is geen norm: de echte drempel beslist.";
const ROAD =
  "0,15 m: onbegaanbaar, ook voor hulpdiensten (Rotterdams Weerwoord, begaanbaarheid van wegen). Andere stresstesten gebruiken 0,30 m.";
const CLASS =
  "Klassen van 5 cm: klimaatadaptatienederland.nl, weergave van waterdiepten. Minder dan 5 cm valt binnen de fout van de hoogtekaart.";
const LONG = "30 minuten is een keuze van dit rekenmodel. Er is geen norm voor.";

export function dutchIndicator(id: string, parameters: Parameters, format: Format): IndicatorText | null {
  const depth = (name: string): string => {
    const value = parameters[name];
    return typeof value === "number" ? format.depth(value) : "de drempel";
  };
  return fixed(id, depth) ?? depthClass(id);
}

function fixed(id: string, depth: (parameter: string) => string): IndicatorText | null {
  switch (id) {
    case "buildings-facade-low":
      return building(depth("facade_low"));
    case "buildings-facade-high":
      return building(depth("facade_high"));
    case "road-area-low":
      return roadArea(depth("road_low"));
    case "road-area-high":
      return roadArea(depth("road_high"));
    case "road-length-low":
      return roadLength(depth("road_low"));
    case "road-length-high":
      return roadLength(depth("road_high"));
    default:
      return places(depth)[id] ?? GROUND[id] ?? null;
  }
}

function building(depth: string): IndicatorText {
  return {
    title: `Gebouwen met ${depth} water of meer aan de gevel`,
    meaning: `Het aantal gebouwen waar het water vlak naast de gevel op het diepste moment ${depth} of dieper stond. Sloten en vijvers tellen niet mee.`,
    doesNotShow:
      "Of er water binnenkomt: dat hangt af van drempels, deuren en roosters. Schuren en garages tellen mee als gebouw.",
    source: FACADE,
  };
}

function roadArea(depth: string): IndicatorText {
  return {
    title: `Rijbaan onder ${depth} water of meer`,
    meaning: `De oppervlakte van rijbanen waar het water op het diepste moment ${depth} of dieper stond. Stoepen, fietspaden en parkeerplaatsen tellen niet mee.`,
    doesNotShow: "Of al deze plekken tegelijk onder water staan, en hoe het op bruggen is.",
    source: ROAD,
  };
}

function roadLength(depth: string): IndicatorText {
  return {
    title: `Lengte rijbaan onder ${depth} water of meer`,
    meaning: `De lengte van rijbanen waar het water op het diepste moment ${depth} of dieper stond. Elk deel telt mee voor het stuk dat onder water staat.`,
    doesNotShow: "Of een weg is afgesloten: ook een natte strook langs de stoep telt voor haar deel mee.",
    source: ROAD,
  };
}

function places(depth: (parameter: string) => string): Record<string, IndicatorText> {
  return {
    damage: {
      title: "Schade in gebouwen",
      meaning:
        "De directe schade, in prijzen van 2010, in gebouwen waar water boven de vloer komt: het grondvlak maal een bedrag per gebruik en een deel per diepte.",
      doesNotShow:
        "Waar vloeren echt liggen, wat een bedrijf misloopt als het dicht is, kelders, water uit het riool, en schade aan wegen, auto's en tuinen. Het is geen schatting voor één gebouw en niet voor een claim.",
      source:
        "Bedragen en verloop: WaterSchadeSchatter van STOWA, prijspeil 2010. De hoogte van de drempel is aangenomen: 2, 10 en 15 cm.",
    },
    "vulnerable-places-flooded": {
      title: `Plekken met ${depth("facade_low")} water of meer`,
      meaning: `Scholen, zorg, kinderopvang, hulpdiensten en gevangenissen waar het water aan de gevel op het diepste moment ${depth("facade_low")} of dieper stond.`,
      doesNotShow:
        "Of er water binnenkomt of de plek dicht moet, en plekken die niet in de BAG of een laag met voorzieningen staan.",
      source:
        "klimaatadaptatienederland.nl, weergave van waterdiepten en kwetsbaarheden. Welk gebruik kwetsbaar is, is een keuze van dit rekenmodel.",
    },
    "vulnerable-places-cut-off": {
      title: `Plekken achter meer dan ${depth("road_high")} water op de weg`,
      meaning: `Kwetsbare plekken waar hulp met de auto kan komen als het droog is, maar niet over wegen waar het water nooit dieper was dan ${depth("road_high")}.`,
      doesNotShow: "Wegen over stoepen en groen, obstakels, en of al het water tegelijk staat.",
      source: "3 m rijbaan naast elkaar en 40 m te voet zijn een aanname.",
    },
  };
}

const GROUND: Record<string, IndicatorText> = {
  "flooded-area": {
    title: "Grond onder 5 cm water of meer",
    meaning:
      "Alle grond waar het water op het diepste moment 5 cm of dieper stond. Gebouwen, sloten en vijvers tellen niet mee.",
    doesNotShow: "Of dat overal tegelijk was, en of het iemand schaadt.",
    source: CLASS,
  },
  "long-flooded-area": {
    title: "Grond die 30 minuten of langer onder water staat",
    meaning: "Grond waar het water in de berekende tijd samen 30 minuten of langer 5 cm of dieper stond.",
    doesNotShow: "Water dat er aan het eind nog staat, staat langer dan hier is geteld.",
    source: LONG,
  },
  "longest-flooding": {
    title: "Langste tijd dat ergens water staat",
    meaning: "De langste tijd dat een plek op de grond 5 cm of dieper onder water stond.",
    doesNotShow: "Water dat er aan het eind nog staat, staat langer dan hier is geteld.",
    source: CLASS,
  },
  "street-volume": {
    title: "Grootste hoeveelheid water op straat",
    meaning: "De grootste hoeveelheid op alle wegdelen op één moment, met stoepen en parkeerplaatsen.",
    doesNotShow: "Pieken tussen twee momenten, en water in tuinen en groen.",
    source: "",
  },
  "strong-flow-area": {
    title: "Grond met sterke stroom",
    meaning:
      "Grond waar diepte maal snelheid ooit 0,3 m²/s of meer was. Vanaf daar gaan kleine auto's drijven of schuiven.",
    doesNotShow: "Stroom in spleten die smaller zijn dan een cel, en gaten en stoepranden onder stilstaand water.",
    source: "0,3 m²/s: grens van klasse H1 van Smith, Davey en Cox (2014), Flood hazard, WRL 2014/07",
  },
};

function depthClass(id: string): IndicatorText | null {
  const between = /^flooded-area-(\d+)-to-(\d+)-cm$/.exec(id);
  const over = /^flooded-area-over-(\d+)-cm$/.exec(id);
  const depths = between ? `${between[1]} tot ${between[2]} cm` : over ? `${over[1]} cm of meer` : null;
  if (depths === null) return null;
  return {
    title: `Grond onder ${depths} water`,
    meaning: `Grond waar het diepste water ${depths} was. Gebouwen, sloten en vijvers tellen niet mee.`,
    doesNotShow: "Verschillen binnen een klasse, en of het overal tegelijk was.",
    source: CLASS,
  };
}
