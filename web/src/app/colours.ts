/** The colours that the scene and the charts take from the theme. */
export interface ThemeColours {
  low: string;
  high: string;
  /** Less water at the façade than without the plan. */
  better: string;
  chosen: string;
  building: string;
  edge: string;
  table: string;
  ink: string;
  inkSoft: string;
  line: string;
  accent: string;
}

export function themeColours(): ThemeColours {
  const style = getComputedStyle(document.documentElement);
  const token = (name: string): string => style.getPropertyValue(`--morgen-${name}`).trim();
  return {
    low: token("building-low"),
    high: token("building-high"),
    better: token("building-better"),
    chosen: token("building-chosen"),
    building: "#fbfaf7",
    edge: token("edge"),
    table: token("table"),
    ink: token("ink"),
    inkSoft: token("ink-soft"),
    line: token("line"),
    accent: token("accent"),
  };
}
