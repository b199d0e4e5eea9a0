import { ApiProperty } from '@nestjs/swagger';

class TaskCountsDto {
  @ApiProperty() open: number;
  @ApiProperty() done: number;
}

export class DashboardDto {
  @ApiProperty({ enum: ['Access granted'] }) message: 'Access granted';
  @ApiProperty() user_id: string;
  @ApiProperty() tasks: TaskCountsDto;
}
