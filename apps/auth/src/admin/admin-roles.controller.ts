import { ApiProblems, validationFailed } from '@signet/service-kit';
import { Body, Controller, Delete, Get, HttpCode, Param, Put, type PipeTransform } from '@nestjs/common';
import { ApiOkResponse, ApiOperation } from '@nestjs/swagger';
import type { AdministratorDoer } from '../audit/doer.js';
import {
  rightsTooLarge,
  roleNotFound,
  roleProtected,
  tooManyRoles,
} from '../authorization/authorization.errors.js';
import { ROLE_NAME } from '../authorization/role-name.js';
import { RolesService } from '../authorization/roles.service.js';
import { Administrator, Change, ForAdministrators } from './administrator.decorator.js';
import { RoleDto, RoleListDto, SetRoleDto } from './dto/role.dto.js';

class RoleNamePipe implements PipeTransform<string, string> {
  transform(name: string): string {
    if (ROLE_NAME.test(name)) return name;
    throw validationFailed([{ field: 'name', message: 'must be the name of a role, such as support' }]);
  }
}

@ForAdministrators()
@Controller('admin/roles')
export class AdminRolesController {
  constructor(private readonly roles: RolesService) {}

  @Get()
  @ApiOperation({ summary: 'List all roles' })
  @ApiOkResponse({ type: RoleListDto })
  async list(): Promise<RoleListDto> {
    return { roles: (await this.roles.list()).map((role) => RoleDto.of(role)) };
  }

  @Put(':name')
  @Change()
  @ApiOperation({
    summary: 'Add a role, or change what it allows; older tokens of all who have it become stale',
  })
  @ApiOkResponse({ type: RoleDto })
  @ApiProblems(rightsTooLarge, tooManyRoles)
  async set(
    @Param('name', RoleNamePipe) name: string,
    @Body() change: SetRoleDto,
    @Administrator() doer: AdministratorDoer,
  ): Promise<RoleDto> {
    return RoleDto.of(await this.roles.set(name, change, doer));
  }

  @Delete(':name')
  @Change()
  @HttpCode(204)
  @ApiOperation({ summary: 'Remove a role; the users who have it lose it' })
  @ApiProblems(roleNotFound, roleProtected)
  async remove(
    @Param('name', RoleNamePipe) name: string,
    @Administrator() doer: AdministratorDoer,
  ): Promise<void> {
    await this.roles.remove(name, doer);
  }
}
