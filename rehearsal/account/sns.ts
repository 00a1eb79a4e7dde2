import type { Account } from './account';
import { AwsError } from '../base/aws-error';
import { Caller } from './iam/iam';
import { Operation, Service } from './service';

/** A notice that people would receive, or the error that prevented it. */
export interface Notice {
  readonly time: number;
  readonly topic?: string;
  readonly subject?: string;
  /** The text of the email. */
  readonly text?: string;
  readonly error?: string;
}

interface PublishInput {
  readonly TopicArn: string;
  readonly Subject?: string;
  readonly Message: string;
  readonly MessageStructure?: string;
}

const MESSAGE_LIMIT = 262_144;

/** The topics. The rehearsal keeps published messages and sends none of them. */
export class Sns implements Service {
  readonly prefix = 'sns';

  readonly operations: Record<string, Operation> = {
    Publish: {
      resources: ({ TopicArn }: PublishInput) => [TopicArn],
      run: (input: PublishInput, caller) => this.publish(input, caller),
    },
  };

  /** The key of each topic; `undefined` for a topic without encryption. */
  private readonly topics = new Map<string, string | undefined>();

  constructor(private readonly account: Account) {}

  addTopic(arn: string, keyArn?: string): void {
    this.topics.set(arn, keyArn);
  }

  private publish({ TopicArn, Subject, Message, MessageStructure }: PublishInput, caller: Caller) {
    if (!this.topics.has(TopicArn)) {
      throw new AwsError(404, 'NotFound', 'Topic does not exist');
    }
    const key = this.topics.get(TopicArn);
    if (key) {
      ['kms:GenerateDataKey', 'kms:Decrypt'].forEach((action) => this.account.calls.check(caller, action, key));
    }
    if (Subject !== undefined && !/^[\x20-\x7e]{1,100}$/.test(Subject)) {
      throw invalid('Subject');
    }
    if (Message === '') {
      throw invalid('Empty message');
    }
    if (Buffer.byteLength(Message) > MESSAGE_LIMIT) {
      throw invalid('Message too long');
    }
    const text = MessageStructure === 'json' ? emailOf(Message) : Message;
    this.account.notices.push({ time: this.account.clock.now(), topic: TopicArn, subject: Subject, text });
    return { MessageId: this.account.nextUuid('message') };
  }
}

function emailOf(message: string): string {
  const texts = parse(message);
  if (typeof texts?.default !== 'string') {
    throw invalid('Message Structure - No default entry in JSON message body');
  }
  return texts.email ?? texts.default;
}

function parse(message: string): { readonly default?: unknown; readonly email?: string } | null {
  try {
    return JSON.parse(message);
  } catch {
    throw invalid('Message Structure - JSON message body failed to parse');
  }
}

function invalid(what: string): AwsError {
  return new AwsError(400, 'InvalidParameter', `Invalid parameter: ${what}`);
}
