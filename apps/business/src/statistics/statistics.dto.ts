import { ApiProperty } from '@nestjs/swagger';

class AllTasksDto {
  @ApiProperty() open: number;
  @ApiProperty() done: number;
}

export class StatisticsDto {
  @ApiProperty() tasks: AllTasksDto;
}
