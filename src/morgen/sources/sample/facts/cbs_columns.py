"""The columns of CBS wijken en buurten 2023, and of the 2021 generation whose names a shapefile cuts to 10."""

from morgen.sources.sample.facts.tables import INTEGER, REAL, TEXT

__all__ = ["BUURT_COLUMNS", "DISTANCES", "SQUARE_COLUMNS", "columns_of_level", "names_of_2021"]

IDENTITY = """
buurtcode buurtnaam wijkcode wijknaam gemeentecode gemeentenaam indelingswijziging_wijken_en_buurten water
meest_voorkomende_postcode dekkingspercentage
"""
PEOPLE = """
omgevingsadressendichtheid stedelijkheid_adressen_per_km2 bevolkingsdichtheid_inwoners_per_km2 aantal_inwoners
mannen vrouwen percentage_personen_0_tot_15_jaar percentage_personen_15_tot_25_jaar
percentage_personen_25_tot_45_jaar percentage_personen_45_tot_65_jaar percentage_personen_65_jaar_en_ouder
percentage_ongehuwd percentage_gehuwd percentage_gescheid percentage_verweduwd
"""
HOUSEHOLDS = """
aantal_huishoudens percentage_eenpersoonshuishoudens percentage_huishoudens_zonder_kinderen
percentage_huishoudens_met_kinderen gemiddelde_huishoudsgrootte
"""
ORIGIN = """
percentage_met_herkomstland_nederland percentage_met_herkomstland_uit_europa_excl_nl
percentage_met_herkomstland_buiten_europa percentage_geb_in_nl_met_herkomstland_nederland
perc_geb_in_nl_met_herkomstland_in_europa_ex_nl perc_geb_in_nl_met_herkomstland_buiten_europa
perc_geb_buiten_nl_met_herkomstlnd_in_europa_ex_nl perc_geb_buiten_nl_met_herkomstlnd_buiten_europa
"""
BIRTHS = """
geboorte_totaal geboortes_per_1000_inwoners sterfte_totaal sterfte_relatief
"""
BUSINESS = """
aantal_bedrijven_landbouw_bosbouw_visserij aantal_bedrijven_nijverheid_energie
aantal_bedrijven_handel_en_horeca aantal_bedrijven_vervoer_informatie_communicatie
aantal_bedrijven_financieel_onroerend_goed aantal_bedrijven_zakelijke_dienstverlening
aantal_bedrijven_overheid_onderwijs_en_zorg aantal_bedrijven_cultuur_recreatie_overige
aantal_bedrijfsvestigingen
"""
HOUSING = """
woningvoorraad gemiddelde_woningwaarde percentage_eengezinswoning percentage_meergezinswoning percentage_bewoond
percentage_onbewoond percentage_koopwoningen percentage_huurwoningen
perc_huurwoningen_in_bezit_woningcorporaties perc_huurwoningen_in_bezit_overige_verhuurders
percentage_woningen_met_eigendom_onbekend percentage_bouwjaarklasse_tot_2000
percentage_bouwjaarklasse_vanaf_2000 gemiddeld_gasverbruik_totaal gemiddeld_gasverbruik_appartement
gemiddeld_gasverbruik_tussenwoning gemiddeld_gasverbruik_hoekwoning gemiddeld_gasverbruik_2_onder_1_kap_woning
gemiddeld_gasverbruik_vrijstaande_woning gemiddeld_gasverbruik_huurwoning gemiddeld_gasverbruikkoopwoning
gemiddeld_elektriciteitsverbruik_totaal gemiddeld_elektriciteitsverbruik_appartement
gemiddeld_elektriciteitsverbruik_tussenwoning gemiddeld_elektriciteitsverbruik_hoekwoning
gem_elektriciteitsverbruik_2_onder_1_kap_woning gem_elektriciteitsverbruik_vrijstaande_woning
gemiddeld_elektriciteitsverbruik_huurwoning gemiddeld_elektriciteitsverbruikkoopwoning
percentage_woningen_met_stadsverwarming
"""
MONEY = """
aantal_leerlingen_primair_onderwijs aantal_leerlingen_voortgezet_onderwijs aantal_studenten_mbo
aantal_studenten_hbo aantal_studenten_wo aantal_personen_met_bvm_als_hoogst_beh_ond_niv
aantal_personen_met_hvm_als_hoogst_beh_ond_niv aantal_personen_met_hw_als_hoogst_beh_ond_niv
netto_arbeidsparticipatie percentage_werknemers percentage_zelfstandigen
percentage_werknemers_met_vaste_arbeidsrelatie percentage_werknemers_met_flexibele_arbeidsrelatie
aantal_inkomensontvangers gemiddeld_inkomen_per_inkomensontvanger gemiddeld_inkomen_per_inwoner
percentage_personen_met_laag_inkomen percentage_personen_met_hoog_inkomen
percentage_huishoudens_met_laag_inkomen percentage_huishoudens_met_hoog_inkomen
percentage_huishoudens_onder_of_rond_sociaal_minimum percentage_huishoudens_met_lage_koopkracht
aantal_personen_met_een_ao_uitkering_totaal aantal_personen_met_een_ww_uitkering_totaal
aantal_personen_met_een_alg_bijstandsuitkering_tot aantal_personen_met_een_aow_uitkering_totaal
gemiddeld_gestandaardiseerd_inkomen_van_huishoudens huishoudens_tot_110_percent_van_sociaal_minimum
huishoudens_tot_120_percent_van_sociaal_minimum mediaan_vermogen_van_particuliere_huish
aantal_jongeren_met_jeugdzorg_in_natura percentage_jongeren_met_jeugdzorg_in_natura aantal_wmo_clienten
aantal_wmo_clienten_per_1000_inwoners
"""
TRAFFIC = """
personenautos_totaal personenautos_per_huishouden personenautos_per_km2 motortweewielers_totaal
aantal_personenautos_met_brandstof_benzine aantal_personenautos_met_overige_brandstof
"""
GROUND = "oppervlakte_totaal_in_ha oppervlakte_land_in_ha oppervlakte_water_in_ha"
EDITION = "jrstatcode jaar"

NEAR, WIDE, FAR, FARTHEST = (1, 3, 5), (5, 10, 20), (3, 5, 10), (10, 20, 50)
DISTANCES: dict[str, tuple[str, str, tuple[int, ...]]] = {
    "huisarts": (
        "huisartsenpraktijk_gemiddelde_afstand_in_km",
        "huisartsenpraktijk_gemiddeld_aantal_binnen",
        NEAR,
    ),
    "huisartsenpost": ("huisartsenpost_gemiddelde_afstand_in_km", "", ()),
    "apotheek": ("apotheek_gemiddelde_afstand_in_km", "", ()),
    "ziekenhuis": (
        "ziekenhuis_incl_buitenpolikliniek_gem_afst_in_km",
        "ziekenhuis_incl_buitenpoli_gem_aantal_binnen",
        WIDE,
    ),
    "ziekenhuis zonder polikliniek": (
        "ziekenhuis_excl_buitenpolikliniek_gem_afst_in_km",
        "ziekenhuis_excl_buitenpoli_gem_aantal_binnen",
        WIDE,
    ),
    "supermarkt": ("grote_supermarkt_gemiddelde_afstand_in_km", "grote_supermarkt_gemiddeld_aantal_binnen", NEAR),
    "winkel": (
        "winkels_ov_dagelijkse_levensm_gem_afst_in_km",
        "winkels_ov_dagel_levensm_gem_aantal_binnen",
        NEAR,
    ),
    "warenhuis": ("warenhuis_gemiddelde_afstand_in_km", "warenhuis_gemiddeld_aantal_binnen", WIDE),
    "cafe": ("cafe_gemiddelde_afstand_in_km", "cafe_gemiddeld_aantal_binnen", NEAR),
    "cafetaria": ("cafetaria_gemiddelde_afstand_in_km", "cafetaria_gemiddeld_aantal_binnen", NEAR),
    "restaurant": ("restaurant_gemiddelde_afstand_in_km", "restaurant_gemiddeld_aantal_binnen", NEAR),
    "hotel": ("hotel_gemiddelde_afstand_in_km", "hotel_gemiddeld_aantal_binnen", WIDE),
    "kinderdagverblijf": (
        "kinderdagverblijf_gemiddelde_afstand_in_km",
        "kinderdagverblijf_gemiddeld_aantal_binnen",
        NEAR,
    ),
    "buitenschoolse opvang": (
        "buitenschoolse_opvang_gem_afstand_in_km",
        "buitenschoolse_opvang_gemiddeld_aantal_binnen",
        NEAR,
    ),
    "basisschool": ("basisonderwijs_gemiddelde_afstand_in_km", "basisonderwijs_gemiddeld_aantal_binnen", NEAR),
    "voortgezet onderwijs": (
        "voortgezet_onderwijs_gem_afstand_in_km",
        "voortgezet_onderwijs_gemiddeld_aantal_binnen",
        FAR,
    ),
    "vmbo": ("vmbo_gemiddelde_afstand_in_km", "vmbo_gemiddeld_aantal_binnen", FAR),
    "havo vwo": ("havo_vwo_gemiddelde_afstand_in_km", "havo_vwo_gemiddeld_aantal_binnen", FAR),
    "brandweer": ("brandweerkazerne_gemiddelde_afstand_in_km", "", ()),
    "oprit": ("oprit_hoofdverkeersweg_gemiddelde_afstand_in_km", "", ()),
    "treinstation": ("treinstation_gemiddelde_afstand_in_km", "", ()),
    "overstapstation": ("overstapstation_gemiddelde_afstand_in_km", "", ()),
    "zwembad": ("zwembad_gemiddelde_afstand_in_km", "", ()),
    "kunstijsbaan": ("kunstijsbaan_gemiddelde_afstand_in_km", "", ()),
    "bibliotheek": ("bibliotheek_gemiddelde_afstand_in_km", "", ()),
    "poppodium": ("poppodium_gemiddelde_afstand_in_km", "", ()),
    "bioscoop": ("bioscoop_gemiddelde_afstand_in_km", "bioscoop_gemiddeld_aantal_binnen", WIDE),
    "sauna": ("sauna_gemiddelde_afstand_in_km", "", ()),
    "zonnebank": ("zonnebank_gemiddelde_afstand_in_km", "", ()),
    "attractiepark": (
        "attractiepark_gemiddelde_afstand_in_km",
        "attractiepark_gemiddeld_aantal_binnen",
        FARTHEST,
    ),
    "theater": ("theater_gemiddelde_afstand_in_km", "theater_gemiddeld_aantal_binnen", WIDE),
    "museum": ("gemiddelde_afstand_tot_museum", "gemiddeld_aantal_musea_binnen", WIDE),
}
"""By kind of place: the column of the mean distance, the stem of the columns of counts, and their radii, km."""


def _distance_columns() -> list[str]:
    names = []
    for distance, stem, radii in DISTANCES.values():
        names += [distance, *(f"{stem}_{radius}_km" for radius in radii)]
    return names


TEXTS = {
    *("buurtcode", "buurtnaam", "wijkcode", "wijknaam", "gemeentecode", "gemeentenaam", "water"),
    *("meest_voorkomende_postcode", "jrstatcode"),
}
REALS = {
    *("gemiddelde_huishoudsgrootte", "personenautos_per_huishouden", "mediaan_vermogen_van_particuliere_huish"),
    *("huishoudens_tot_110_percent_van_sociaal_minimum", "huishoudens_tot_120_percent_van_sociaal_minimum"),
    *("percentage_jongeren_met_jeugdzorg_in_natura", "gemiddeld_gestandaardiseerd_inkomen_van_huishoudens"),
    *("gemiddeld_inkomen_per_inkomensontvanger", "gemiddeld_inkomen_per_inwoner"),
    *_distance_columns(),
}


def _kind(name: str) -> str:
    if name in TEXTS:
        return TEXT
    return REAL if name in REALS else INTEGER


_SECTIONS = (
    *(IDENTITY, PEOPLE, HOUSEHOLDS, ORIGIN, BIRTHS, BUSINESS, HOUSING, MONEY, TRAFFIC, GROUND),
    *(*_distance_columns(), EDITION),
)
BUURT_COLUMNS: dict[str, str] = {name: _kind(name) for name in " ".join(_SECTIONS).split()}
"""Columns of layer ``buurten`` with their types, as the GeoPackage of 2023 has them."""


def columns_of_level(level: str) -> dict[str, str]:
    """Return the columns of layer ``buurten``, ``wijken`` or ``gemeenten``: a wijk has no buurt, and so on."""
    finer = {"buurten": (), "wijken": ("buurt",), "gemeenten": ("buurt", "wijk")}[level]
    lacking = {f"{name}{what}" for name in finer for what in ("code", "naam")}
    if finer:
        lacking |= {"meest_voorkomende_postcode", "dekkingspercentage"}
    return {name: kind for name, kind in BUURT_COLUMNS.items() if name not in lacking}


_SQUARE_NAMES = """
aantal_inwoners aantal_mannen aantal_vrouwen aantal_inwoners_0_tot_15_jaar aantal_inwoners_15_tot_25_jaar
aantal_inwoners_25_tot_45_jaar aantal_inwoners_45_tot_65_jaar aantal_inwoners_65_jaar_en_ouder
aantal_part_huishoudens aantal_eenpersoonshuishoudens aantal_meerpersoonshuishoudens_zonder_kind
aantal_eenouderhuishoudens aantal_tweeouderhuishoudens gemiddelde_huishoudensgrootte aantal_woningen
aantal_woningen_bouwjaar_voor_1945 aantal_woningen_bouwjaar_45_tot_65 aantal_woningen_bouwjaar_65_tot_75
aantal_woningen_bouwjaar_75_tot_85 aantal_woningen_bouwjaar_85_tot_95 aantal_woningen_bouwjaar_95_tot_05
aantal_woningen_bouwjaar_05_tot_15 aantal_woningen_bouwjaar_15_en_later aantal_meergezins_woningen
percentage_koopwoningen percentage_huurwoningen aantal_huurwoningen_in_bezit_woningcorporaties
aantal_niet_bewoonde_woningen gemiddelde_woz_waarde_woning omgevingsadressendichtheid stedelijkheid
"""
SQUARE_COLUMNS: dict[str, str] = {"crs28992res100m": TEXT} | {
    name: REAL if name == "gemiddelde_huishoudensgrootte" else INTEGER for name in _SQUARE_NAMES.split()
}
"""Columns of a 100 m square that the sample has; the delivery has about 100 more, on energy and distances."""

_ORIGIN_2021 = [
    *("percentage_westerse_migratieachtergrond", "percentage_niet_westerse_migratieachtergrond"),
    *("percentage_uit_marokko", "percentage_uit_nederlandse_antillen_en_aruba", "percentage_uit_suriname"),
    *("percentage_uit_turkije", "percentage_overige_nietwestersemigratieachtergrond"),
]
_LEVELS_2021 = ["opleidingsniveau_laag", "opleidingsniveau_middelbaar", "opleidingsniveau_hoog"]
_NOT_IN_2021 = {
    *("wijknaam", "percentage_werknemers_met_vaste_arbeidsrelatie"),
    *("percentage_werknemers_met_flexibele_arbeidsrelatie", "aantal_wmo_clienten", "jaar"),
    *("aantal_wmo_clienten_per_1000_inwoners",),
}


def names_of_2021() -> dict[str, str]:
    """Return for each column of the 2021 web feature service, in its order, the column of 2023 that fills it.

    The names are in camel case. A shapefile cuts them to ten characters, and numbers those that are then the
    same; so 'percentage' to 'percenta37' can be told apart by position only. The last column is ``fuuid``.
    """
    business, money = BUSINESS.split(), MONEY.split()
    housing = HOUSING.split()
    housing.remove("percentage_onbewoond")
    housing.insert(housing.index("gemiddeld_gasverbruik_totaal"), "percentage_onbewoond")
    power = [name.replace("gemiddeld_elek", "gemiddelde_elek") for name in housing]
    names = [
        *(IDENTITY.split() + PEOPLE.split() + BIRTHS.split() + HOUSEHOLDS.split() + _ORIGIN_2021),
        *(
            business[-1:]
            + business[:-1]
            + power
            + _LEVELS_2021
            + money[money.index("netto_arbeidsparticipatie") :]
        ),
        *(TRAFFIC.split() + GROUND.split() + _distance_columns() + EDITION.split() + ["fuuid"]),
    ]
    return {
        _camel(name): name.replace("gemiddelde_elek", "gemiddeld_elek")
        for name in names
        if name not in _NOT_IN_2021
    }


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(word[:1].upper() + word[1:] for word in rest)
