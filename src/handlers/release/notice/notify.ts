import { PublishCommand } from '@aws-sdk/client-sns';
import { describeApproval, describeFailedRun, describeSucceededRun, Notice } from './notice';
import { PipelineEvent, readRun, Run } from './run';
import { sns } from '../aws/clients';
import { log } from '../base/log';
import { readSettings } from '../base/settings';

const SUBJECT_CHARACTERS = 100;
/** A message of a chat is cut by the chat itself after that. */
const CHAT_CHARACTERS = 3000;

/** Tells people how a run ended, or that an approval is waited for. Throws when that can't be sent: then it is tried again. */
export async function notify(event: PipelineEvent): Promise<void> {
  const { notificationTopic, notificationEvents } = readSettings();
  const run = await readRun(event);
  const notice = describe(event, run);
  const wished = notificationTopic !== undefined && notificationEvents.includes(notice.event);
  log('notice', { event: notice.event, title: notice.title, wished });
  if (!wished) {
    return;
  }
  await sns.send(
    new PublishCommand({
      TopicArn: notificationTopic,
      Subject: renderSubject(notice),
      MessageStructure: 'json',
      Message: renderMessage(notice, run),
    }),
  );
}

function describe({ detail }: PipelineEvent, run: Run): Notice {
  if (detail.action) {
    return describeApproval(run, detail.stage, detail.action);
  }
  return detail.state === 'SUCCEEDED' ? describeSucceededRun(run) : describeFailedRun(run);
}

/** SNS takes printable ASCII only. */
function renderSubject({ title }: Notice): string {
  return title.replace(/[^\x20-\x7e]/g, '?').slice(0, SUBJECT_CHARACTERS);
}

/** Text for people; the protocol `https` is that of the chats, which read a form of their own. */
function renderMessage(notice: Notice, { executionId }: Run): string {
  const text = [notice.title, '', ...notice.lines, '', `Next: ${notice.nextStep}`].join('\n');
  return JSON.stringify({ default: text, email: text, https: JSON.stringify(renderChat(notice, executionId)) });
}

/** https://docs.aws.amazon.com/chatbot/latest/adminguide/custom-notifs.html */
function renderChat({ event, title, lines, nextStep }: Notice, threadId: string): object {
  return {
    version: '1.0',
    source: 'custom',
    content: {
      textType: 'client-markdown',
      title,
      description: lines.join('\n').slice(0, CHAT_CHARACTERS),
      nextSteps: [nextStep],
    },
    metadata: { threadId, eventType: event },
  };
}
