import { Body, Controller, HttpCode, Param, Post, Put, Res } from '@nestjs/common';
import { z } from 'zod';
import { type Attributes, attributes, attributesAsk, attributesTell, leaseId } from '#contracts';
import { FileAttributes } from '../application/attributes';
import { granted } from '../problem';
import { For, SecretDigest } from './credentials.guard';
import { departure, type Reply } from './exchange';
import { Answers } from './openapi';

const id = z.object({ id: leaseId });

/** Attributes of a file whose holder may have unwritten changes: the question, and the holder's answer. */
@Controller('v1')
export class AttributesController {
  constructor(private readonly attributes: FileAttributes) {}

  @Post('files/attributes')
  @For({ session: 'lease:read', at: 'body' })
  @HttpCode(200)
  @Answers(200, 'Ask the holder that may have changed a file for its attributes (CB_GETATTR)', attributes)
  async ask(
    @Body({ schema: attributesAsk }) body: z.infer<typeof attributesAsk>,
    @SecretDigest() digest: string,
    @Res({ passthrough: true }) reply: Reply,
  ): Promise<Attributes> {
    const answer = granted(await this.attributes.ask(body, digest, departure(reply)));
    if (answer.holder !== 'other') return answer;
    return { ...answer, change: String(answer.change), size: String(answer.size) };
  }

  @Put('leases/:id/attributes')
  @For({ session: 'session' })
  @HttpCode(204)
  @Answers(204, 'Answer the event `attributes`: the attributes of the file, or a refusal')
  async tell(
    @Param({ schema: id }) params: z.infer<typeof id>,
    @Body({ schema: attributesTell }) body: z.infer<typeof attributesTell>,
    @SecretDigest() digest: string,
  ): Promise<void> {
    granted(await this.attributes.tell(params.id, body, digest));
  }
}
