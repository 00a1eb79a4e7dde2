import { PublishCommand } from '@aws-sdk/client-sns';
import { describeApproval, describeFailedRun, describeSucceededRun, Notice } from './notice';
import { PipelineEvent, readRun, Run } from './run';
import { sns } from '../aws/clients';
import { log } from '../base/log';
import { readSettings, Settings } from '../base/settings';

const SUBJECT_CHARACTERS = 100;
/** Chats cut longer messages. */
const CHAT_CHARACTERS = 3000;

/** Notifies people of the end of a run, or of a pending approval. An error makes Lambda retry. */
export async function notify(event: PipelineEvent): Promise<void> {
  const run = await readRun(event);
  await sendNotice(readSettings(), describe(event, run), run.executionId);
}

/** Sends a notice, unless nobody wants to be notified of its event. The chats show notices with one thread together. */
export async function sendNotice(settings: Settings, notice: Notice, threadId: string): Promise<void> {
  const { notificationTopic, notificationEvents } = settings;
  const isEnabled = notificationTopic !== undefined && notificationEvents.includes(notice.event);
  log('notice', { event: notice.event, title: notice.title, enabled: isEnabled });
  if (!isEnabled) {
    return;
  }
  await sns.send(
    new PublishCommand({
      TopicArn: notificationTopic,
      Subject: renderSubject(notice),
      MessageStructure: 'json',
      Message: renderMessage(notice, threadId),
    }),
  );
}

function describe({ detail }: PipelineEvent, run: Run): Notice {
  if (detail.action) {
    return describeApproval(run, detail.stage, detail.action);
  }
  return detail.state === 'SUCCEEDED' ? describeSucceededRun(run) : describeFailedRun(run);
}

/** SNS accepts only printable ASCII in a subject. */
function renderSubject({ title }: Notice): string {
  return title.replace(/[^\x20-\x7e]/g, '?').slice(0, SUBJECT_CHARACTERS);
}

/** Text for email, and the chats' own format for the protocol `https`, which chats use. */
function renderMessage(notice: Notice, threadId: string): string {
  const text = [notice.title, '', ...notice.lines, '', `Next: ${notice.nextStep}`].join('\n');
  return JSON.stringify({ default: text, email: text, https: JSON.stringify(renderChat(notice, threadId)) });
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
