import { Controller, Get, Query } from '@nestjs/common';
import type { z } from 'zod';
import { pageQuery, subjectPage } from '#contracts';
import { Subjects } from '../application/subjects';
import { Authenticator } from '../identity/authenticator';
import { For } from './credentials.guard';
import { Answers } from './openapi';
import { cursorOf } from './presenter';

@Controller('v1/subjects')
@For({ right: 'locks:admin' })
export class SubjectsController {
  constructor(
    private readonly subjects: Subjects,
    private readonly authenticator: Authenticator,
  ) {}

  @Get()
  @Answers(200, 'List the subjects that have limits, with what they use and may use', subjectPage)
  async list(
    @Query({ schema: pageQuery }) query: z.infer<typeof pageQuery>,
  ): Promise<z.infer<typeof subjectPage>> {
    const page = await this.subjects.list(Number(query.cursor ?? 0), query.limit);
    const subjects = page.subjects.map(({ tenant, subject, sessions, rows, waits }) => ({
      ...{ tenant, subject, sessions, rows, waits },
      limits: this.authenticator.limitsOf({ tenant, subject }),
    }));
    return { subjects, cursor: cursorOf(page.after) };
  }
}
