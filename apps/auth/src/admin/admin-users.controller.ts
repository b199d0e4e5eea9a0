import { ApiProblems, validationFailed } from '@signet/service-kit';
import {
  Body,
  Controller,
  Delete,
  Get,
  HttpCode,
  Param,
  ParseUUIDPipe,
  Patch,
  Post,
  Put,
  Query,
} from '@nestjs/common';
import { ApiAcceptedResponse, ApiCreatedResponse, ApiOkResponse, ApiOperation } from '@nestjs/swagger';
import { isUUID } from 'class-validator';
import { AcceptedDto } from '../accounts/dto/account.dto.js';
import type { AdministratorDoer } from '../audit/doer.js';
import { lastAdministrator, rightsTooLarge, unknownRole } from '../authorization/authorization.errors.js';
import { refusalOf } from '../rate-limiting/rate-limited.decorator.js';
import { RateLimiterService } from '../rate-limiting/rate-limiter.service.js';
import { SubjectsService } from '../rate-limiting/subjects.service.js';
import { normaliseEmail } from '../users/email-address.js';
import { Administrator, Change, ForAdministrators } from './administrator.decorator.js';
import { emailTaken, userNotFound } from './admin.errors.js';
import {
  AdminUserDto,
  AdminUserListDto,
  ChangeUserDto,
  InviteUserDto,
  ListUsersDto,
  UserRolesDto,
} from './dto/user.dto.js';
import { InvitationService } from './invitation.service.js';
import { UserAdministrationService } from './user-administration.service.js';
import type { ListedUser, UserFilter } from './user-search.query.js';

/** Lets only ids through that a user can have. */
const USER_ID = new ParseUUIDPipe({ exceptionFactory: userNotFound });

@ForAdministrators()
@Controller('admin/users')
export class AdminUsersController {
  constructor(
    private readonly users: UserAdministrationService,
    private readonly invitations: InvitationService,
    private readonly limiter: RateLimiterService,
    private readonly subjects: SubjectsService,
  ) {}

  @Get()
  @ApiOperation({ summary: 'Find users, page by page' })
  @ApiOkResponse({ type: AdminUserListDto, description: 'Newest first; by address where `query` is one.' })
  async list(@Query() { limit, ...query }: ListUsersDto): Promise<AdminUserListDto> {
    const filter = filterOf(query);
    const found = await this.users.list({ ...filter, limit: limit + 1 });
    const page = found.slice(0, limit);
    const last = found.length > limit ? page.at(-1) : undefined;
    return {
      users: page.map((user) => AdminUserDto.of(user)),
      next_cursor: last ? cursorOf(last, filter) : null,
    };
  }

  @Get(':id')
  @ApiOperation({ summary: 'Show a user' })
  @ApiOkResponse({ type: AdminUserDto })
  @ApiProblems(userNotFound)
  async get(@Param('id', USER_ID) id: string): Promise<AdminUserDto> {
    return AdminUserDto.of(await this.users.find(id));
  }

  @Post()
  @Change()
  @ApiOperation({ summary: 'Invite a person, who sets a password by the link in a mail' })
  @ApiCreatedResponse({ type: AdminUserDto })
  @ApiProblems(emailTaken, unknownRole, rightsTooLarge)
  async invite(
    @Body() { email, roles }: InviteUserDto,
    @Administrator() doer: AdministratorDoer,
  ): Promise<AdminUserDto> {
    return AdminUserDto.of(await this.users.find(await this.invitations.invite(email, roles, doer)));
  }

  @Patch(':id')
  @Change()
  @ApiOperation({ summary: 'Disable a user, whose sessions end, or enable one' })
  @ApiOkResponse({ type: AdminUserDto })
  @ApiProblems(userNotFound, lastAdministrator)
  async change(
    @Param('id', USER_ID) id: string,
    @Body() { disabled }: ChangeUserDto,
    @Administrator() doer: AdministratorDoer,
  ): Promise<AdminUserDto> {
    await (disabled ? this.users.disable(id, doer) : this.users.enable(id, doer));
    return AdminUserDto.of(await this.users.find(id));
  }

  @Put(':id/roles')
  @Change()
  @ApiOperation({ summary: 'Give a user these roles and no others; sessions go on' })
  @ApiOkResponse({ type: AdminUserDto })
  @ApiProblems(userNotFound, unknownRole, rightsTooLarge, lastAdministrator)
  async setRoles(
    @Param('id', USER_ID) id: string,
    @Body() { roles }: UserRolesDto,
    @Administrator() doer: AdministratorDoer,
  ): Promise<AdminUserDto> {
    await this.users.changeRoles(id, () => roles, doer);
    return AdminUserDto.of(await this.users.find(id));
  }

  @Delete(':id/sessions')
  @Change()
  @HttpCode(204)
  @ApiOperation({ summary: 'End all sessions of a user' })
  @ApiProblems(userNotFound)
  async endSessions(
    @Param('id', USER_ID) id: string,
    @Administrator() doer: AdministratorDoer,
  ): Promise<void> {
    await this.users.endSessions(id, doer);
  }

  @Delete(':id')
  @Change()
  @HttpCode(204)
  @ApiOperation({ summary: 'Delete a user for good' })
  @ApiProblems(userNotFound, lastAdministrator)
  async remove(@Param('id', USER_ID) id: string, @Administrator() doer: AdministratorDoer): Promise<void> {
    await this.users.remove(id, doer);
  }

  @Post(':id/password-reset')
  @Change()
  @HttpCode(202)
  @ApiOperation({ summary: 'Send a user a link to set a new password' })
  @ApiAcceptedResponse({ type: AcceptedDto })
  @ApiProblems(userNotFound, refusalOf('administration'))
  async resetPassword(
    @Param('id', USER_ID) id: string,
    @Administrator() doer: AdministratorDoer,
  ): Promise<AcceptedDto> {
    const { email } = await this.users.find(id);
    await this.limiter.admit('administration', this.subjects.ofAddress(email));
    await this.users.sendPasswordReset(id, doer);
    return { status: 'accepted' };
  }
}

/** What is asked for: an id is told from the beginning of an address by its form. */
function filterOf({ query, role, disabled, cursor }: Omit<ListUsersDto, 'limit'>): Omit<UserFilter, 'limit'> {
  const filter = { role, isDisabled: disabled };
  if (query === undefined || isUUID(query)) {
    if (cursor !== undefined && !isUUID(cursor)) throw wrongCursor();
    return { ...filter, id: query, after: cursor };
  }
  const emailPrefix = normaliseEmail(query);
  const after = cursor && Buffer.from(cursor, 'base64url').toString();
  if (after !== undefined && (!after.startsWith(emailPrefix) || /[\p{Cc}\ufffd]/u.test(after)))
    throw wrongCursor();
  return { ...filter, emailPrefix, after };
}

function cursorOf({ id, email }: ListedUser, { emailPrefix }: Omit<UserFilter, 'limit'>): string {
  return emailPrefix === undefined ? id : Buffer.from(email).toString('base64url');
}

function wrongCursor() {
  return validationFailed([{ field: 'cursor', message: 'must be the next_cursor of an earlier answer' }]);
}
