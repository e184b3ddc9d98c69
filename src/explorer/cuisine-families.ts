/** Kinds of cuisine, whatever the language of the catalogue: "Japonesa", "Japanese" and "Ramen" are one family. */
import { foldText } from '../catalog/fold-text.ts';
import type { IconName } from './cuisine-icon.tsx';

/** In the order of the map's colours. */
export const families = [
  'japanese',
  'asian',
  'italian',
  'brazilian',
  'seafood',
  'grill',
  'bakery',
  'vegetarian',
  'spices',
  'european',
  'american',
  'bar',
  'other',
] as const;
export type Family = (typeof families)[number];

export interface CuisineKind {
  readonly family: Family;
  readonly icon: IconName;
}

/** The first pattern that matches decides; texts are compared without case and accents. */
const kinds: readonly (readonly [RegExp, Family, IconName])[] = [
  [/ramen|lamen|udon|soba/, 'japanese', 'noodles'],
  [/japon|japan|sushi|izakaya|temaki|yakitori/, 'japanese', 'sushi'],
  [/pizza|pizzar/, 'italian', 'pizza'],
  [/italian|cantina|pasta|massas|trattoria/, 'italian', 'pasta'],
  [/vegan|vegetar|salad/, 'vegetarian', 'leaf'],
  [/sorvet|ice cream|gelat|acai/, 'bakery', 'iceCream'],
  [/confeit|pastel|patiss|dessert|doce|sobremes/, 'bakery', 'cake'],
  [/padaria|baker|pao |bread/, 'bakery', 'bread'],
  [/cafe|coffee|brunch|\bcha\b|\btea/, 'bakery', 'cup'],
  [/frutos do mar|peix|seafood|fish|pescad|oyster/, 'seafood', 'fish'],
  [/churras|steak|bbq|barbecue|grill|grelhad|parrill|uruguai|argentin|gauch/, 'grill', 'flame'],
  [/burger|hamburg|lanch|diner|sandu|deli\b|hot dog|fast/, 'bar', 'burger'],
  [/boteco|pub\b|\bbar\b|petisc|tapas|beer|cervej|wine|vinho|irish/, 'bar', 'glass'],
  [/chin|core|korea|taiw/, 'asian', 'noodles'],
  [/tailand|thai|vietnam|burm|birman|indones|malay|filip|asia/, 'asian', 'bowl'],
  [/indian|goesa|nepal|paquist|pakist|sri lank/, 'spices', 'pot'],
  [/arab|leban|liban|turk|turc|persa|persian|israel|marroq|morocc|egip/, 'spices', 'lamp'],
  [/etiop|ethiop|african|georgian|senegal|nigeri|angol|mocambi/, 'spices', 'pot'],
  [/mexic|tex-mex|taco/, 'american', 'chili'],
  [
    /peru|bolivi|colombi|venezuel|chilen|latin|carib|cuban|cajun|southern|creol|hava|american/,
    'american',
    'corn',
  ],
  [/amazon|paraens/, 'brazilian', 'palm'],
  [
    /brasil|brazil|mineir|goian|nordest|baian|capixab|paranaens|caipir|feijoad|gaucha|sertan/,
    'brazilian',
    'pot',
  ],
  [/portug|acorian|espan|spanish|basc/, 'european', 'olive'],
  [/franc|french|bistro|belg|suic|swiss/, 'european', 'wine'],
  [/alem|german|polon|polish|russ|ucrani|ukrain|greg|greek|europe|nordic|hungar/, 'european', 'wheat'],
];

const other: CuisineKind = { family: 'other', icon: 'cloche' };

export function kindOf(cuisineType: string | null): CuisineKind {
  if (cuisineType === null) return other;
  const folded = foldText(cuisineType);
  const found = kinds.find(([pattern]) => pattern.test(folded));
  return found ? { family: found[1], icon: found[2] } : other;
}

export const isFamily = (value: string | undefined): value is Family =>
  (families as readonly (string | undefined)[]).includes(value);
