/** Sentences that the server gives in English and that a reader of Dutch meets often. */

const comma = (number: string | undefined): string => (number ?? "").replace(".", ",");

const KNOWN: readonly Translation[] = [
  [
    /^Permanent water rose by up to ([\d.]+) m and overtopped its bank over (\d+) m;/,
    (rise, bank) =>
      `Het water in sloten en vijvers steeg tot ${comma(rise)} m en liep over ${bank} m oever. Het rekenmodel voert dit water niet af en pompt het niet weg: kijk daar met zorg.`,
  ],
  [
    /^(\d+) of (\d+) buildings in the area have no ground along their façade/,
    (blind, all) =>
      `Van ${blind} van de ${all} gebouwen ligt er geen grond langs de gevel, maar water of een ander gebouw. Zij tellen niet mee als gebouw met water.`,
  ],
  [
    /^For ([\d.]+)% of the ground in the area there is no land cover/,
    (share) =>
      `Van ${comma(share)} % van de grond is de bodembedekking niet bekend. Daar zakt in de berekening geen water weg.`,
  ],
  [/^(\d+) min since the rain began$/, (minutes) => `${minutes} min na het begin van de regen`],
  [/^effects on buildings, roads and ground$/, () => "Gevolgen voor gebouwen, wegen en grond"],
  [/^reading the situation$/, () => "De omgeving wordt gelezen"],
  [/^(starting|started|ready)$/, () => ""],
  [/^recognising sources$/, () => "De bestanden worden herkend"],
  [/^reading (.+)$/, (file) => `Bezig met lezen: ${file}`],
  [/^joining the topography$/, () => "De topografie wordt samengevoegd"],
  [/^joining buildings$/, () => "De gebouwen worden samengevoegd"],
  [/^filling the terrain$/, () => "Het maaiveld wordt gevuld"],
  [/^standing buildings up$/, () => "De gebouwen worden opgebouwd"],
  [/^gathered$/, () => "Alles is verzameld"],
  [
    /^the process that started this run ended before the run did/,
    () => "Het programma dat deze berekening begon, stopte voordat zij klaar was. Bereken haar opnieuw.",
  ],
];

export type Translation = readonly [RegExp, (...parts: string[]) => string];

/** The Dutch of a known sentence, also of those in `more`; null when it is not known and stays in English. */
export function dutchSentence(sentence: string, more: readonly Translation[] = []): string | null {
  for (const [pattern, translate] of [...KNOWN, ...more]) {
    const found = pattern.exec(sentence);
    if (found) return translate(...found.slice(1));
  }
  return null;
}
