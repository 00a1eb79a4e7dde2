import { ASTNodeTypes, type TxtNode } from '@textlint/ast-node-types';
import type { TextlintRuleModule } from '@textlint/types';
import { PHRASES } from './phrases';

const CODE: readonly string[] = [ASTNodeTypes.Code, ASTNodeTypes.CodeBlock, ASTNodeTypes.Html, ASTNodeTypes.HtmlBlock];

/** A line may end where the pattern has a space. */
const patterns = PHRASES.map(({ pattern, instead, allowedIn }) => ({
  pattern: new RegExp(pattern.source.replace(/(?<!\\|\[[^\]]*) (?!\*|\?)/g, '\\s+'), pattern.flags),
  instead,
  allowedIn,
}));

/** Reports each of the phrases in a document, outside of its code and its addresses. */
export const noForeignIdiom: TextlintRuleModule = (context) => {
  const code: (readonly [number, number])[] = [];
  const hide = (node: TxtNode): void => {
    code.push(node.range);
  };
  return {
    ...Object.fromEntries(CODE.map((type) => [type, hide])),
    [ASTNodeTypes.Link](node): void {
      const last = node.children.at(-1);
      code.push([last ? last.range[1] : node.range[0], node.range[1]]);
    },
    [ASTNodeTypes.DocumentExit](node): void {
      const text = code.reduce(
        (prose, [start, end]) =>
          prose.slice(0, start) + prose.slice(start, end).replace(/[^\s]/g, 'X') + prose.slice(end),
        context.getSource(node),
      );
      for (const { pattern, instead } of patterns.filter(({ allowedIn }) => allowedIn !== context.getFilePath())) {
        for (const { 0: found, index } of text.matchAll(pattern)) {
          const message = `"${found.trim().replace(/\s+/g, ' ')}": write ${instead}`;
          context.report(node, new context.RuleError(message, { padding: context.locator.range([index, index + 1]) }));
        }
      }
    },
  };
};
