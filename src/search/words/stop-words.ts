/** Portuguese and English words that say little or nothing about a restaurant. All are folded. */

/** Function words: never searched for, unless a query has no other words. */
const empty = new Set(
  (
    'a o e as os um uma uns umas de da do das dos em no na nos nas com por para pra pro pras pros que se ao aos ou eu ' +
    'me meu minha nos nossa nosso quero queria posso algum alguma algo onde tem ter ha voce ser sao esta estou the an ' +
    'and or of in on at for to with is are be by my we us our some any where that which can could want would i you it'
  ).split(' '),
);

/** Weak words: they apply to nearly every restaurant. */
const weak = new Set(
  (
    'lugar lugares local locais restaurante restaurantes comida comidas comer casa prato pratos bom boa bons boas ' +
    'melhor melhores muito muita mais perto aqui hoje sem sitio coisa tipo place places spot restaurant restaurants ' +
    'food foods eat eating eats good best great nice really very near here today have there without something somewhere ' +
    'like looking find serve serves served dish dishes'
  ).split(' '),
);

/** Meals, times, rooms, and what one does there: said of many restaurants without telling them apart. */
const general = new Set(
  (
    'jantar jantares almoco almocar refeicao noite dia manha tarde loja sala mesa mesas cidade menu cardapio aberto ' +
    'aberta levar ir fazer experimentar tomar ver sentar passar pedir cozinha semana pessoas lunch dinner supper meal ' +
    'meals night day days morning afternoon evening weekend shop house room table tables town city open take bring go ' +
    'make try drink see watch sit spend order work kitchen own your only people'
  ).split(' '),
);

export const isEmptyWord = (word: string): boolean => empty.has(word);

/** A weak word counts little in a ranking and never makes a row a match by itself. */
export const isWeakWord = (word: string): boolean => weak.has(word) || empty.has(word);

/** Weighs less in a ranking than other words that are as rare. */
export const isGeneralWord = (word: string): boolean => general.has(word);

const food = new Set('comida comidas comer prato pratos food foods eat eating dish dishes'.split(' '));

/** The weak words about food: `Singapore food` is a cuisine, not a place. */
export const isFoodWord = (word: string): boolean => food.has(word);

/** Prepositions before a location, which are removed with it. */
const prepositions = new Set('em no na nos nas in near at perto around de of from do da'.split(' '));
const placePrepositions = new Set('em no na nos nas in near at perto around'.split(' '));

export const isPreposition = (word: string | undefined): boolean =>
  word !== undefined && prepositions.has(word);

/** The prepositions that are mostly followed by a location. */
export const isPlacePreposition = (word: string | undefined): boolean =>
  word !== undefined && placePrepositions.has(word);

const negations = new Set('sem nao without no not nem free livre'.split(' '));
export const isNegation = (word: string | undefined): boolean => word !== undefined && negations.has(word);
