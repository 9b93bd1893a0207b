"""Layers and columns by the names of Circular 16/2025/TT-BXD: such a file needs no mapping of its own.

Names are compared without case, because official templates spell them unevenly. Layers that an answer
does not use are left aside, and so is what the package calls the present state (HienTrang).
"""

from planning.imports.planfile import LayerSection, Target

_COMMON = {"code": "maDoiTuong", "name": "tenDoiTuong"}

SECTIONS: tuple[LayerSection, ...] = (
    LayerSection(match="RanhGioiQuyHoach_A", target=Target.BOUNDARY),
    LayerSection(
        match="ChucNangSuDungDat_A",
        target=Target.ZONES,
        # the circular's functions are texts; land types are recognised among them by code or label
        code_lists=("vn-2024", "vn-before-2024"),
        fields={
            "code": "kyHieuLoDat",
            "name": "tenDoiTuong",
            "land_use": "chucNangSuDungDatMuc3",
            "land_use_2": "chucNangSuDungDatMuc2",
            "land_use_1": "chucNangSuDungDatMuc1",
        },
        indicators={
            "coverage": "matDoXayDung",
            "storeys": "tangCaoXayDung",
            "floor_area_ratio": "heSoSuDungDat",
            "population": "danSo",
        },
    ),
    LayerSection(
        match="ChiGioiDuongDo_L", target=Target.RESTRICTIONS, fields=_COMMON, constants={"kind": "red_line"}
    ),
    LayerSection(
        match="ChiGioiXayDung_L",
        target=Target.RESTRICTIONS,
        fields=_COMMON,
        indicators={"setback": "khoangLuiXayDung"},
        constants={"kind": "building_line"},
    ),
    LayerSection(
        match="HanhLangAnToan_L", target=Target.RESTRICTIONS, fields=_COMMON, constants={"kind": "corridor"}
    ),
)


def section_for(layer: str) -> LayerSection | None:
    """What a layer of this name is, None for names that are not among those used."""
    return next((section for section in SECTIONS if section.is_for(layer)), None)
