/** Dutch of the cards of the built-in models. A model that is not here is shown with its own English card. */

import type { Card } from "../api/types";

export type CardText = Pick<
  Card,
  "title" | "purpose" | "method" | "validity" | "assumptions" | "calibration" | "uncertainty" | "notFor"
>;

export const dutchCards: Record<string, CardText> = {
  "pluvial-flood": {
    title: "Wateroverlast door extreme regen",
    purpose:
      "Laat zien waar water blijft staan na extreme regen, hoe diep en hoe lang, en welke gebouwen en wegen het bereikt. Zo kan een gemeente plekken en maatregelen vergelijken voordat zij beslist.",
    method:
      "De regen valt op elke cel van het maaiveld. Wat niet in de bodem zakt, blijft hangen of naar het riool gaat, stroomt over de grond naar lagere cellen. Het riool is een vaste afvoer per verhard oppervlak, geen netwerk van buizen. Daken lozen op het riool, en op de grond als dat vol is. Over de rand van het gebied kan water wegstromen, maar niet binnenkomen.",
    validity:
      "Bebouwd en landelijk gebied met flauwe hellingen in Nederland; cellen van 0,25 tot 5 m; 1 tot 300 mm regen in 5 minuten tot 48 uur.",
    assumptions:
      "De regen is overal gelijk en verandert niet in de tijd. De bodem neemt per soort grond een vaste hoeveelheid op. Het riool voert de hele tijd evenveel af en loopt niet over. Sloten en vijvers beginnen op hun gewone peil; er wordt niet gepompt. Onder gebouwen en water is het maaiveld ingevuld, niet gemeten. Kelders, duikers en onderdoorgangen zitten er niet in.",
    calibration:
      "Niet geijkt met Nederlandse metingen. De berekening is vergeleken met een proef van het Britse Environment Agency, met een bekende oplossing op een helling en met andere rekenmodellen. De waarden per soort grond komen uit de literatuur.",
    uncertainty:
      "De fout van de hoogtekaart is zo groot als de eerste diepteklasse: 5 cm. Stoepranden, drempels en muurtjes smaller dan een cel zijn niet te zien. Het riool en de bodem bepalen de uitkomst het meest: reken met een lage en een hoge waarde voordat u beslist.",
    notFor:
      "Schadeclaims, een oordeel over één huis, het ontwerp van riolen, dijkdoorbraken, overstroming door rivier of zee, grondwater, en steile straten. Het zegt niet wie er moet betalen.",
  },
};
