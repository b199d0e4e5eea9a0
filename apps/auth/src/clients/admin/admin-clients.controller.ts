import { ApiProblems } from '@signet/service-kit';
import { Body, Controller, Delete, Get, Header, HttpCode, Param, Patch, Post } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation } from '@nestjs/swagger';
import { Administrator, Change, ForAdministrators } from '../../admin/administrator.decorator.js';
import type { AdministratorDoer } from '../../audit/doer.js';
import { ClientDto, ClientListDto, ClientWithSecretDto } from '../client.dto.js';
import {
  clientExists,
  clientHasNoSecret,
  clientIdInvalid,
  clientInvalid,
  clientNotFound,
  serviceAccountTaken,
} from '../clients.errors.js';
import { ClientsService } from '../clients.service.js';
import { AddClientDto, ChangeClientDto } from './dto/change-client.dto.js';

/** Services that call others, for administrators. */
@ForAdministrators()
@Controller('admin/clients')
export class AdminClientsController {
  constructor(private readonly clients: ClientsService) {}

  @Get()
  @ApiOperation({ summary: 'List the services that may call others' })
  @ApiOkResponse({ type: ClientListDto })
  async list(): Promise<ClientListDto> {
    return { clients: (await this.clients.list()).map((client) => ClientDto.of(client)) };
  }

  @Get(':id')
  @ApiOperation({ summary: 'Show a service' })
  @ApiOkResponse({ type: ClientDto })
  @ApiProblems(clientNotFound)
  async get(@Param('id') id: string): Promise<ClientDto> {
    return ClientDto.of(await this.clients.find(id));
  }

  @Post(':id')
  @Change()
  @Header('Cache-Control', 'no-store')
  @ApiOperation({
    summary: 'Register a service; without a key or a service account it gets a secret, shown once',
  })
  @ApiCreatedResponse({ type: ClientWithSecretDto })
  @ApiProblems(clientInvalid, clientIdInvalid, clientExists, serviceAccountTaken)
  async add(
    @Param('id') id: string,
    @Body() body: AddClientDto,
    @Administrator() doer: AdministratorDoer,
  ): Promise<ClientWithSecretDto> {
    return ClientWithSecretDto.withSecret(await this.clients.add(body.registrationOf(id), doer));
  }

  @Patch(':id')
  @Change()
  @Header('Cache-Control', 'no-store')
  @ApiOperation({
    summary: 'Change what a service may do, give it a new secret, shown once, disable it, or enable it again',
  })
  @ApiOkResponse({ type: ClientWithSecretDto })
  @ApiProblems(clientInvalid, clientNotFound, clientHasNoSecret)
  async change(
    @Param('id') id: string,
    @Body() { grants, on_behalf_of_users, disabled, rotate_secret }: ChangeClientDto,
    @Administrator() doer: AdministratorDoer,
  ): Promise<ClientWithSecretDto> {
    const change = { grants, onBehalfOfUsers: on_behalf_of_users, disabled, rotateSecret: rotate_secret };
    return ClientWithSecretDto.withSecret(await this.clients.change(id, change, doer));
  }

  @Delete(':id')
  @Change()
  @HttpCode(204)
  @ApiOperation({ summary: 'Remove a service; all that it holds ends' })
  @ApiProblems(clientNotFound)
  async remove(@Param('id') id: string, @Administrator() doer: AdministratorDoer): Promise<void> {
    await this.clients.remove(id, doer);
  }
}
