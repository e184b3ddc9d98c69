/** A text with some of its words marked, compared without case and accents. */
import { foldText } from '../catalog/fold-text.ts';

export const MarkedText = ({ text, words }: { text: string; words: readonly string[] }) => {
  const wanted = new Set(words.map(foldText));
  if (wanted.size === 0) return <>{text}</>;
  return (
    <>
      {text
        .split(/([\p{L}\p{M}]+)/u)
        .map((part) => (wanted.has(foldText(part)) ? <mark>{part}</mark> : part))}
    </>
  );
};
