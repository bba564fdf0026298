"""Cuts BIZ UDPGothic Regular down to the letters a report may need.

    pip install fonttools
    python3 cut.py BIZUDPGothic-Regular.ttf ubugoe-strip.ttf

Kept: Latin, kana, symbols and first-level kanji of JIS X 0208, the second-level kanji of the
joyo list, of the field and of common names. Dropped: hinting and layout tables, which a page on
paper does not use.
"""

import sys

from fontTools import subset


def jis(rows):
    """The characters of some rows of JIS X 0208."""
    cells = (bytes([row + 0xA0, cell + 0xA0]) for row in rows for cell in range(1, 95))
    return "".join(cell.decode("euc_jp", "ignore") for cell in cells)


def between(first, last):
    return "".join(map(chr, range(first, last + 1)))


JOYO = (
    "曖畏萎彙咽淫鬱怨媛旺臆楷潰諧崖蓋骸顎玩毀畿臼嗅惧詣憬隙舷錮梗傲恣摯嫉腫羞拭腎戚羨腺箋遡踪"
    "遜綻緻嘲捗諦塡溺妬瞳貪捻剝氾訃璧蔑貌頰勃昧冥喩湧瘍沃辣慄瞭賂弄籠叱膝肘爪斑汎"
)
FIELD = (
    "搏臍膣腟娩痙攣癒痺瘤癌腱膵胱臀髄頸頚嚢囊悸喘咳痰嘔瀉瘀褥糜爛瘢痒蕁疹疱癇譫橈脛腓踵腋窩蹊腔"
    "絨胚嚥穿鉗鑷鉤扼滲泌疸痂癜孕羸贅骨盤破顱頭囟癆齲痔瘻絆繃躁惹吻黴靭"
)
NAMES = (
    "齋齊邉邊濵濱澤瀧廣國圓惠彌榮萬壽禮眞實曉玲琉瑛珀凜煌縣龜豐鐵靜顯嶋嶌槇檜舘冨椛茉莉菫薰"
    "瑤瑶穰晄昊晟皓祐祿暉煕燁琥翠羚翔芙苺萊澪渚湊颯遙遼邑鄕銕雫靖鞠鳳麒麟籔籠簗嵜髙﨑桒栁斉齊"
)
TEXT = (
    jis([*range(1, 9), *range(16, 48)])
    + between(0x20, 0x7E)
    + between(0xA0, 0x17F)
    + between(0xFF01, 0xFF9F)
    + "–—‘’“”•…‰′″€™←↑→↓−≈≠≤≥■□▲△▼▽◆◇○●◎☆★〓〒〜①②③④⑤⑥⑦⑧⑨⑩½¼¾²³±×÷°µ"
    + JOYO
    + FIELD
    + NAMES
)

options = subset.Options()
options.hinting = False
options.layout_features = []
options.glyph_names = False
options.notdef_outline = True
options.name_IDs = [0, 1, 2, 3, 4, 5, 6, 13, 14]
options.drop_tables += ["GSUB", "GPOS", "GDEF", "BASE", "vhea", "vmtx", "VORG", "gasp", "meta", "DSIG"]

font = subset.load_font(sys.argv[1], options)
subsetter = subset.Subsetter(options)
subsetter.populate(text=TEXT)
subsetter.subset(font)
subset.save_font(font, sys.argv[2], options)
