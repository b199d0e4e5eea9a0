import { ApiProperty } from '@nestjs/swagger';

/**
 * The answer to a request whose outcome goes to a mailbox: the same whether or not there is an account, so that nobody
 * learns which addresses have one (OWASP ASVS 5.0, 6.3.8).
 */
export class AcceptedDto {
  @ApiProperty({ enum: ['accepted'] }) status: 'accepted';
}
