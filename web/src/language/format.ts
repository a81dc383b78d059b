/** Numbers, depths and moments as a person reads them. Changes of unit only: nothing is calculated here. */

import type { Language } from "../store/address";

const LOCALES: Record<Language, string> = { nl: "nl-NL", en: "en-GB" };

export interface Format {
  /** 11 039, with at most `digits` decimals. */
  number: (value: number, digits?: number) => string;
  /** Metres of water as centimetres, from a metre on as metres. */
  depth: (metres: number) => string;
  /** A small difference in metres of water as millimetres. */
  millimetres: (metres: number) => string;
  /** A share of 1 as per cent. */
  share: (share: number) => string;
  /** A coordinate in RD New, to a decimetre. */
  coordinate: (metres: number) => string;
  /** A height in m NAP. */
  height: (metres: number) => string;
  /** A value with the unit of the server. */
  quantity: (value: number, unit: string) => string;
  /** Minutes as '35 min' or '1 h 45 min'. */
  minutes: (minutes: number) => string;
  /** An amount of money to three digits: costs are not known better. */
  euro: (amount: number) => string;
  date: (iso: string) => string;
  moment: (iso: string) => string;
  /** A relative error as per cent, or the bound that it stays under. */
  error: (relative: number) => string;
}

const UNITS: Record<Language, Record<string, string>> = {
  nl: {
    m2: "m²",
    m3: "m³",
    count: "",
    "1": "",
    h: "uur",
    "mm/h": "mm per uur",
    "mm/d": "mm per dag",
    "m3/s": "m³ per seconde",
  },
  en: {
    m2: "m²",
    m3: "m³",
    count: "",
    "1": "",
    h: "h",
    "mm/h": "mm per hour",
    "mm/d": "mm per day",
    "m3/s": "m³ per second",
  },
};

/** The unit as a person writes it; '' for counts and factors. */
export function unitName(unit: string, language: Language): string {
  return UNITS[language][unit] ?? unit;
}

const WHOLE_DATE: Intl.DateTimeFormatOptions = { day: "numeric", month: "long", year: "numeric" };
/** Dates of data may be a year or a month: by the length of their text. */
const DATE_PARTS: Readonly<Record<number, Intl.DateTimeFormatOptions>> = {
  4: { year: "numeric" },
  7: { month: "long", year: "numeric" },
};

export function formatOf(language: Language): Format {
  const locale = LOCALES[language];
  const number = (value: number, digits = 0): string =>
    new Intl.NumberFormat(locale, { maximumFractionDigits: digits }).format(value);
  const minutes = (value: number): string => minutesText(Math.round(value), language === "nl" ? "u" : "h");
  return {
    number,
    depth: (metres) => depthText(metres, number, language),
    millimetres: (metres) => `${number(metres * 1000, metres < 0.001 ? 1 : 0)} mm`,
    share: (share) => new Intl.NumberFormat(locale, { style: "percent", maximumFractionDigits: 0 }).format(share),
    coordinate: (metres) => fixed(metres, locale, { digits: 1, useGrouping: false }),
    height: (metres) => `${fixed(metres, locale, { digits: 2 })} m NAP`,
    quantity: (value, unit) => quantityText(value, unit, language, number, minutes),
    minutes,
    euro: (amount) =>
      new Intl.NumberFormat(locale, {
        style: "currency",
        currency: "EUR",
        minimumFractionDigits: 0,
        maximumFractionDigits: 0,
        maximumSignificantDigits: 3,
        minimumSignificantDigits: 1,
      } as Intl.NumberFormatOptions).format(amount),
    date: (iso) => dateText(iso, locale, DATE_PARTS[iso.length] ?? WHOLE_DATE),
    moment: (iso) => dateText(iso, locale, { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" }),
    error: (relative) => errorText(Math.abs(relative), locale, language),
  };
}

function fixed(
  value: number,
  locale: string,
  { digits, ...options }: { digits: number; useGrouping?: boolean },
): string {
  const places = { minimumFractionDigits: digits, maximumFractionDigits: digits };
  return new Intl.NumberFormat(locale, { ...places, ...options }).format(value);
}

function depthText(metres: number, number: (value: number, digits?: number) => string, language: Language): string {
  const centimetres = metres * 100;
  if (centimetres <= 0) return "0 cm";
  if (centimetres < 1) return language === "nl" ? "minder dan 1 cm" : "less than 1 cm";
  return metres < 1 ? `${number(centimetres)} cm` : `${number(metres, 2)} m`;
}

function quantityText(
  value: number,
  unit: string,
  language: Language,
  number: (value: number, digits?: number) => string,
  minutes: (minutes: number) => string,
): string {
  if (unit === "min") return minutes(value);
  if (unit === "euro") return eurosText(value, LOCALES[language]);
  const name = unitName(unit, language);
  const text = number(value, Math.abs(value) < 10 && !Number.isInteger(value) ? 1 : 0);
  return name === "" ? text : `${text} ${name}`;
}

/** Damages are known to no more than two digits. */
function eurosText(value: number, locale: string): string {
  return new Intl.NumberFormat(locale, {
    style: "currency",
    currency: "EUR",
    maximumFractionDigits: 0,
    maximumSignificantDigits: 2,
  }).format(value);
}

function minutesText(minutes: number, hour: string): string {
  if (minutes < 120) return `${minutes} min`;
  const rest = minutes % 60;
  const hours = `${Math.floor(minutes / 60)} ${hour}`;
  return rest === 0 ? hours : `${hours} ${rest} min`;
}

function dateText(iso: string, locale: string, options: Intl.DateTimeFormatOptions): string {
  const moment = new Date(iso);
  return Number.isNaN(moment.getTime()) ? iso : new Intl.DateTimeFormat(locale, options).format(moment);
}

/** Errors of rounding are not worth a digit. */
function errorText(relative: number, locale: string, language: Language): string {
  const per = new Intl.NumberFormat(locale, { style: "percent", maximumFractionDigits: 3 });
  const least = 1e-5;
  if (relative >= least) return per.format(relative);
  return language === "nl" ? `minder dan ${per.format(least)}` : `less than ${per.format(least)}`;
}
