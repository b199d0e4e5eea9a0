import { ApiProperty } from '@nestjs/swagger';

export class AcceptedDto {
  @ApiProperty({ enum: ['accepted'] })
  status: 'accepted';
}
